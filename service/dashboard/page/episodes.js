// The declines: all that the rules found, newest first; a click shows one in the chart.
import { get, urlOf } from './api.js';
import { $, el } from './dom.js';
import { DAY, number, percent } from './format.js';
import { fill, links, stateBox } from './panel.js';
import { setView, view } from './view.js';

let known = [];

export const declineOf = (id) => known.find((d) => d.id === id) ?? null;

// As the chart shades them: from the close of the peak to the close of the trough.
export function shadesFor(den) {
  const same = known.filter((d) => d.denomination === den);
  return (same.length ? same : known.filter((d) => d.denomination === 'usd'))
    .map((d) => ({ id: d.id, from: d.peak.time_s + DAY, to: d.trough.time_s + DAY, depth: d.depth, severity: d.severity, foreign: d.denomination !== den }));
}

function windowOf(decline) {
  const from = decline.peak.time_s + DAY;
  const to = Math.max(decline.through_s, decline.trough.time_s) + DAY;
  const margin = Math.max(7 * DAY, (to - from) * 0.12);
  return { from: Math.round(from - margin), to: Math.round(to + margin / 3) };
}

export function choose(decline) {
  setView({ ...windowOf(decline), episode: decline.id });
  $('#chart-panel').scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}

const drivers = (attribution) => (attribution
  ? ['price', 'difficulty', 'fees', 'subsidy'].filter((name) => Math.abs(attribution.shares[name] ?? 0) >= 0.005)
    .map((name) => `${name} ${number(attribution.shares[name] * 100, { decimals: 0 })} %`).join(', ')
  : '');

function stateOf(d) {
  if (d.state === 'closed') return `closed, ${d.closure}`;
  return d.suspended ? `${d.state}, suspended: newer days have no close` : d.state;
}

function row(d) {
  const decimals = d.peak.value >= 1000 ? 0 : 2;
  const button = el('button.row', { type: 'button', 'data-id': d.id, 'aria-pressed': String(view.episode === d.id), on: { click: () => choose(d) } },
    el('span', {}, el('b', {}, `${d.peak.date} to ${d.trough.date}`), ' ', d.severity === 'none' ? null : el(`span.tag.${d.severity}`, {}, d.severity)),
    el('b.right', {}, percent(-d.depth)),
    el('span.sub', {}, `${number(d.peak.value, { decimals })} to ${number(d.trough.value, { decimals })} ${d.unit} in ${d.days_to_trough} days · ${stateOf(d)}`),
    el('span.sub', {}, [drivers(d.attribution), known.some((k) => k.rule !== d.rule) ? `rule ${d.rule}` : ''].filter(Boolean).join(' · ')));
  return el('li', {}, button);
}

export function markChosen() {
  for (const button of document.querySelectorAll('#episodes .row')) button.setAttribute('aria-pressed', String(button.dataset.id === view.episode));
}

export async function showEpisodes() {
  await fill($('#episodes .panel-body'), async () => {
    const answer = await get('declines');
    known = [...answer.declines].sort((a, b) => b.peak.time_s - a.peak.time_s);
    if (!known.length) return stateBox('No declines.', 'No rule has found one in the history that is here.');
    return el('ul.rows.tall', {}, known.map(row));
  });
  links($('#episodes .links'), [{ text: 'API call', url: urlOf('declines') }]);
}
