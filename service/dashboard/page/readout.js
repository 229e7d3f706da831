// The words beside the main chart: values under the pointer, legend, summary, table.
import { $, el, table } from './dom.js';
import { DASH, clock, isoDate, isoMinute, money, number, percent, shortUnit } from './format.js';

// Names a point by the bar it stands for.
export function nameOf(point, step) {
  if (['1d', '1w', '1mo'].includes(step)) {
    const what = { '1d': '', '1w': 'week of ', '1mo': 'month of ' }[step];
    return `${what}${isoDate(point.start)}`;
  }
  if (step === 'raw') return `${isoMinute(point.t)} UTC`;
  return `${isoMinute(point.start)} to ${clock(point.t)} UTC`;
}

// A bar that is over; the newest one may still be going on.
const isOver = (point, series) => series.step !== 'raw' && (series.step === '1mo' || point.t >= point.start + series.step_s);

function share(point, series) {
  if (!isOver(point, series)) return series.step === 'raw' ? null : el('span', {}, 'so far');
  return point.coverage < 0.995 ? pair('observed', percent(point.coverage, 0).replace('+', '')) : null;
}

// The same within a sentence.
function placeOf(point, step) {
  if (step === '1d') return `on ${isoDate(point.start)}`;
  if (step === '1w' || step === '1mo') return `in the ${nameOf(point, step)}`;
  return `at ${isoMinute(point.t)} UTC`;
}

const pair = (label, value) => el('span', {}, `${label} `, el('b', {}, value));

// What is marked between the point before and this one: retargets, halvings, notes.
function marked(series, index, marks) {
  const before = series.points[index - 1]?.t ?? series.points[index].start;
  return [...marks.steps, ...marks.notes].filter((m) => m.t > before && m.t <= series.points[index].t)
    .map((m) => (m.kind === 'retarget' ? pair('retarget', percent(m.change)) : el('b', {}, m.text)));
}

// `inputs`: {price, difficulty, fees} rows of the inputs at that time, as far as they are known.
export function showReadout(series, index, view, inputs, marks) {
  const point = index === null ? series.points.findLast((p) => p.close !== null) : series.points[index];
  const box = $('#readout');
  if (!point) {
    box.replaceChildren();
    return;
  }
  const name = nameOf(point, series.step);
  if (point.close === null) {
    box.replaceChildren(el('span.at', {}, name), el('span', {}, 'nothing was observed'));
    return;
  }
  const single = series.step === 'raw' || point.low === point.high;
  const { price, difficulty, fees } = inputs;
  box.replaceChildren(...[
    el('span.at', {}, name),
    pair(single ? 'value' : 'close', `${money(point.close, view)} ${shortUnit(view)}`),
    single ? null : pair('low to high', `${money(point.low, view)} to ${money(point.high, view)}`),
    single ? null : pair('mean', money(point.mean, view)),
    share(point, series),
    price?.price_usd ? pair('BTC', `${number(price.price_usd, { decimals: 0 })} USD`) : null,
    difficulty?.difficulty ? pair('difficulty', `${number(difficulty.difficulty / 1e12, { decimals: 2 })} T`) : null,
    difficulty?.hashrate_eh_s ? pair('hash rate', `${number(difficulty.hashrate_eh_s, { decimals: 0 })} EH/s`) : null,
    fees?.fee_sat_mean ? pair('fees', `${number(fees.fee_sat_mean / 1e8, { decimals: 4 })} BTC a block`) : null,
    ...(index === null ? [] : marked(series, index, marks)),
  ].filter(Boolean));
}

const touchedBy = (points, marks) => marks.declines.filter((d) => d.to > points[0].t && d.from < points.at(-1).t);

const key = (kind, text) => el('li', {}, el(`span.key.${kind}`, { 'aria-hidden': 'true' }), text);

export function showLegend(series, marks) {
  if (!series.points.some((p) => p.close !== null)) {
    $('#legend').replaceChildren();
    return;
  }
  const banded = series.points.some((p) => p.close !== null && p.high > p.low);
  $('#legend').replaceChildren(...[
    key('line', 'close'),
    banded ? key('band', 'low to high') : null,
    touchedBy(series.points, marks).length ? key('shade', 'decline, peak to trough') : null,
    marks.holes.length ? key('hatch', 'not observed') : null,
    marks.steps.some((s) => s.kind === 'retarget') ? key('mark', 'retarget') : null,
    marks.notes.length || marks.steps.some((s) => s.kind === 'halving') ? key('note', 'halving, note') : null,
    marks.fleets.length ? key('fleet', 'a fleet’s break-even') : null,
  ].filter(Boolean));
}

// The shaded declines that the values touch.
function declinesOf(valued, marks) {
  const touched = touchedBy(valued, marks);
  if (!touched.length) return '';
  const words = touched.slice(0, 4).map((d) => `${isoDate(d.from - 86400)} to ${isoDate(d.to - 86400)} (${percent(-d.depth, 0)}${d.foreign ? ' in USD' : ''}, ${d.severity === 'none' ? 'pending' : d.severity})`);
  return ` ${touched.length === 1 ? 'Decline' : 'Declines'} from peak to trough: ${words.join(', ')}${touched.length > 4 ? ` and ${touched.length - 4} more` : ''}.`;
}

// The chart in a sentence, for whoever does not see it.
export function showSummary(series, view, marks) {
  const valued = series.points.filter((p) => p.close !== null);
  if (!valued.length) {
    $('#chart-text').textContent = '';
    return;
  }
  const [first, last] = [valued[0], valued[valued.length - 1]];
  const by = (f) => valued.reduce((best, p) => (f(p, best) ? p : best));
  const low = by((p, best) => p.close < best.close);
  const high = by((p, best) => p.close > best.close);
  const gaps = marks.holes.length ? `; ${marks.holes.length === 1 ? 'one stretch' : `${marks.holes.length} stretches`} not observed` : '';
  $('#chart-text').textContent = `${money(first.close, view)} ${placeOf(first, series.step)}, ${money(last.close, view)} ${placeOf(last, series.step)} (${percent(last.close / first.close - 1)}); `
    + `highest close ${money(high.close, view)} ${placeOf(high, series.step)}, lowest ${money(low.close, view)} ${placeOf(low, series.step)}${gaps}. All in ${shortUnit(view)}.${declinesOf(valued, marks)}`;
}

// At most 60 rows, evenly chosen; the CSV has them all.
export function showTable(series, view) {
  const details = $('#chart-table');
  const make = () => {
    const every = Math.ceil(series.points.length / 60);
    const rows = series.points.filter((p, i) => i % every === 0)
      .map((p) => [nameOf(p, series.step), ...[p.close, p.low, p.high, p.mean].map((x) => (x === null ? DASH : money(x, view)))]);
    const caption = `${shortUnit(view)}${every > 1 ? `; every ${every}th point, all of them are in the CSV` : ''}`;
    $('.scroll', details).replaceChildren(table({ caption, head: ['UTC', 'close', 'low', 'high', 'mean'], rows }));
  };
  details.ontoggle = () => { if (details.open) make(); };
  if (details.open) make();
}
