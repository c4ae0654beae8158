import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Figure } from '../figures';

const HEIGHT = 200;
const HOURS = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAYS = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
/** Series that are drawn apart; the table beside has all. */
const DRAWN = 4;

/** Bars over time, one series upon the other. The table beside it says the same in figures. */
export default function Chart({ label, figure }: { label: string; figure: Figure }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => {
      const colour = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
      const times = figure.times.map((time) => Date.parse(time) / 1000);
      const stacked = stack(figure);
      const [first = 0, second = first + 3600] = times;
      const [size, last] = [second - first, times.at(-1) ?? first];
      const words = size < 86_400 ? HOURS : DAYS;
      const bars = uPlot.paths.bars?.({ size: [0.72, 40] }) as uPlot.Series.PathBuilder;
      return new uPlot(
        {
          width: element.clientWidth,
          height: HEIGHT,
          legend: { show: false },
          cursor: { show: false },
          scales: { x: { range: () => [first - size / 2, last + size / 2] }, y: { range: (_, __, most) => [0, Math.max(4, Math.ceil((most ?? 0) * 1.1))] } },
          // The highest is drawn first, so that each shows above the one below it.
          series: [{}, ...stacked.map((_, index) => ({ fill: colour(`--series-${stacked.length - index}`), width: 0, paths: bars, points: { show: false } }))],
          axes: [
            { stroke: colour('--muted'), grid: { show: false }, ticks: { stroke: colour('--line') }, space: 64, incrs: (size < 86_400 ? [1, 2, 3, 6, 12] : [24, 48, 72, 168, 336]).map((hours) => hours * 3600), values: (_, all) => all.map((at) => words.format(at * 1000)) },
            { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000] },
          ],
        },
        [times, ...stacked] as uPlot.AlignedData,
        element,
      );
    };
    let chart = draw();
    const again = () => {
      chart.destroy();
      chart = draw();
    };
    const watch = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    watch.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', again);
    const theme = new MutationObserver(again);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      watch.disconnect();
      theme.disconnect();
      scheme.removeEventListener('change', again);
      chart.destroy();
    };
  }, [figure]);
  return <div class="chart" ref={place} role="img" aria-label={`${label} over time; the table has the figures`} />;
}

/** Sums from the bottom up, the highest first. */
function stack({ series, times }: Figure): number[][] {
  const drawn = series.slice(0, DRAWN).map(({ counts }) => counts);
  const rest = series.slice(DRAWN);
  if (rest.length > 0) drawn.push(times.map((_, at) => rest.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0)));
  const sums: number[][] = [];
  let below = times.map(() => 0);
  for (const counts of drawn) {
    below = below.map((sum, at) => sum + (counts[at] ?? 0));
    sums.push(below);
  }
  return sums.length > 0 ? sums.reverse() : [times.map(() => 0)];
}
