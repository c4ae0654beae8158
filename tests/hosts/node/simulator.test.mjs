// All that needs the simulator runs in this one process, one test after the other: each begins by resetting it.
import { before, beforeEach } from 'node:test';

import { load } from 'casewire';
import { control } from './host.mjs';
import './open_ticket.mjs';
import './pump.mjs';

before(() => load());
beforeEach(() => control('POST', 'reset'));
