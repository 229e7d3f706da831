// What drove a change: its four parts, exact in logs, as bars.
import { get, urlOf } from './api.js';
import { $, el, table } from './dom.js';
import { isoDate, number, percent, timeEl } from './format.js';
import { fill, links, stateBox } from './panel.js';

const PARTS = [['price', 'Price'], ['difficulty', 'Difficulty'], ['fees', 'Fees'], ['subsidy', 'Subsidy']];

// A part in logs as the change that it alone would have made.
const effect = (log) => Math.exp(log) - 1;

function barRow(name, label, part, share, scale) {
  const bar = el(`div.bar.${name}`);
  const width = scale > 0 ? Math.abs(part) / scale * 50 : 0;
  bar.style.width = `${width}%`;
  bar.style.left = part < 0 ? `${50 - width}%` : '50%';
  const shareText = share === null || Math.abs(share) < 0.0005 ? '' : `${number(share * 100, { decimals: 1 })} % of it`;
  return el('li.driver', {}, el('span', {}, label), el('div.track', { 'aria-hidden': 'true' }, bar),
    el('span.value', {}, el('b', {}, percent(effect(part))), ' ', el('span', {}, shareText)));
}

const WHAT = { retarget: 'Retarget', halving: 'Halving', price: 'Price in a day' };

// Retargets and halvings are steps, not trends; so are the largest moves of the price.
function steps(list) {
  const largest = [...list].sort((a, b) => Math.abs(b.log_effect) - Math.abs(a.log_effect)).slice(0, 5);
  if (!largest.length) return null;
  const rows = largest.sort((a, b) => a.time_s - b.time_s)
    .map((s) => [`${s.date} ${WHAT[s.kind] ?? s.kind}`, percent(s.change), percent(effect(s.log_effect))]);
  return el('div.steps', {}, table({ caption: 'The largest single steps', head: ['Day', 'Change', 'Hash price'], rows }));
}

function body(answer, unitNote) {
  const scale = Math.max(0.002, ...PARTS.map(([name]) => Math.abs(answer.parts[name])));
  const clear = Math.abs(answer.log_change) > 0.01;
  const whole = el('p.drivers-whole', {}, el('b', {}, percent(answer.change)), ` ${unitNote}`);
  return [
    whole,
    el('ul.drivers', { 'aria-label': 'Parts of the change; together they make the whole' },
      PARTS.map(([name, label]) => barRow(name, label, answer.parts[name], clear ? answer.shares[name] : null, scale))),
    el('p.steps', {}, `Each is what that input alone would have done; together they make the whole.${clear ? '' : ' They all but cancel out, so shares would say nothing.'}`),
    steps(answer.steps ?? []),
  ].filter(Boolean);
}

const place = (t) => (t % 86400 === 0 ? timeEl(t, { text: `close of ${isoDate(t - 86400)}` }) : timeEl(t));

// From peak to trough of a decline.
export function showDeclineDrivers(decline) {
  $('#drivers-window').textContent = `peak ${decline.peak.date} to trough ${decline.trough.date}`;
  fill($('#drivers .panel-body'), async () => (decline.attribution
    ? body({ ...decline.attribution, steps: decline.steps }, `from ${number(decline.peak.value, { decimals: 2 })} to ${number(decline.trough.value, { decimals: 2 })} ${decline.unit}`)
    : stateBox('Not known for this decline.', 'Some of its inputs are missing.')));
  links($('#drivers .links'), [{ text: 'API call', url: urlOf(`declines/${encodeURIComponent(decline.id)}`) }]);
}

// Between two observations, which the window of the chart begins and ends with.
export function showWindowDrivers(from, to) {
  if (!(from < to)) {
    $('#drivers-window').textContent = '';
    links($('#drivers .links'), []);
    fill($('#drivers .panel-body'), async () => stateBox('Nothing to compare.', 'The window holds fewer than two observations.'));
    return;
  }
  $('#drivers-window').replaceChildren(place(from), ' to ', place(to));
  const params = { from: new Date(from * 1000).toISOString().replace('.000', ''), to: new Date(to * 1000).toISOString().replace('.000', '') };
  fill($('#drivers .panel-body'), async () => {
    const a = await get('attribution', params);
    return body(a, `from ${number(a.start.usd_per_ph_day, { decimals: 2 })} to ${number(a.end.usd_per_ph_day, { decimals: 2 })} USD/PH/day`);
  });
  links($('#drivers .links'), [{ text: 'API call', url: urlOf('attribution', params) }]);
}
