import { story } from './story.js';

onmessage = async ({ data: { given, name } }) => {
  postMessage(await story(given, name).catch((error) => ({ error: error.stack })));
};
