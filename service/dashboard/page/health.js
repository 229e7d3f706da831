// Sources and gaps: who answers, what is missing and whether it is being repaired.
import { get, urlOf } from './api.js';
import { $, el } from './dom.js';
import { age, isoDate, number, timeEl } from './format.js';
import { fill, links, stateBox } from './panel.js';

const tag = (tone, text) => el(tone ? `span.tag.${tone}` : 'span.tag', {}, text);

// Asked and answered, asked in vain, or not asked yet; without a host it is no source that one asks.
function healthOf(s) {
  if (s.host === null) return ['', 'stored facts only'];
  if (s.up === null) return ['', 'not asked yet'];
  return s.up ? ['', 'answers'] : ['warn', 'does not answer'];
}

function sourceRow(s, now) {
  const [tone, word] = healthOf(s);
  const asked = s.host !== null && s.up !== null;
  const success = s.last_success_s === null ? 'no answer so far' : [timeEl(s.last_success_s, { prefix: 'last answer ' }), `, ${age(now - s.last_success_s)} ago`];
  const counts = `${number(s.polls_ok, { decimals: 0 })} answers, ${number(s.polls_failed, { decimals: 0 })} failures`;
  return el('li', {}, el('div.row', {},
    el('span', {}, el('b', {}, s.name), ' ', tag(tone, word), ' ', el('span.muted', {}, s.roles.join(', '))),
    el('span.right.muted', {}, asked && s.latency_ms !== null ? `${number(s.latency_ms, { decimals: 0 })} ms` : ''),
    asked ? el('span.sub', { title: counts }, success) : null,
    s.quarantined > 0 ? el('span.sub.warn', {}, `${number(s.quarantined, { decimals: 0 })} of its facts wait for a decision: hashprice quarantine list`) : null,
    s.up === false && s.last_error ? el('span.sub.warn', {}, s.last_error) : null));
}

export async function showSources(now) {
  await fill($('#sources .panel-body'), async () => {
    const answer = await get('sources');
    const list = answer.sources ?? [];
    if (!list.length) return stateBox('Nobody is asked.', 'Without polling, or with every source switched off, only what is stored is served.');
    return el('ul.rows', {}, list.map((s) => sourceRow(s, now())));
  });
  links($('#sources .links'), [{ text: 'API call', url: urlOf('sources') }]);
}

const whole = (from, to) => from % 86400 === 0 && to % 86400 === 0;

function gapRow(g, onShow) {
  const name = whole(g.from_s, g.to_s) ? `${isoDate(g.from_s)} to ${isoDate(g.to_s - 1)}` : el('span', {}, timeEl(g.from_s), ' to ', timeEl(g.to_s));
  const repair = g.being_repaired ? 'is being repaired' : 'nobody is repairing it: hashprice backfill would';
  return el('li', {}, el('button.row', { type: 'button', on: { click: () => onShow(g.from_s, g.to_s) } },
    el('b', {}, name), el('span.right', {}, age(g.seconds)), el('span.sub', {}, `${g.why} · ${repair}`)));
}

export async function showGaps(onShow) {
  await fill($('#gaps .panel-body'), async () => {
    const answer = await get('gaps', { from: 0 });
    const list = [...(answer.gaps ?? [])].reverse();
    if (!list.length) return stateBox('No gaps.', 'Every second between the first and the last observation is spoken for.');
    return el('ul.rows.tall', {}, list.slice(0, 50).map((g) => gapRow(g, onShow)),
      list.length > 50 ? el('li', {}, el('p.row', {}, `and ${list.length - 50} older ones: the API call has them all`)) : null);
  });
  links($('#gaps .links'), [{ text: 'API call', url: urlOf('gaps', { from: 0 }) }]);
}
