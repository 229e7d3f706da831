// The head: the figure, how it changed, how old it is, what the next retarget will do.
import { get } from './api.js';
import { $, el } from './dom.js';
import { DAY, DASH, age, money, number, percent, shortUnit, timeEl, unitOf, valueOf } from './format.js';
import { valueAt } from './series.js';

const CHANGES = [['24 h', DAY], ['7 d', 7 * DAY], ['30 d', 30 * DAY]];

// What the change of a span is measured from: the closes of the last month, hours where there are.
export async function loadMonth(view, newest) {
  const answer = await get('hashprice', {
    from: newest - 32 * DAY, to: newest, denomination: view.den, per: view.per, max_points: 800, fields: 'close', format: 'columns',
  });
  const raw = answer.step === 'raw';
  const points = answer.columns.time_s.map((start, i) => ({
    t: raw ? start : Math.min(start + answer.step_s, newest), close: answer.columns.close[i],
  }));
  return { points, slack: Math.max(answer.step_s, 3600) };
}

export function showFigure(latest, view) {
  const value = valueOf(latest, view);
  $('#figure').textContent = money(value, view);
  $('#figure').classList.toggle('none', value === null);
  $('#figure').title = value === null ? '' : String(value);
  $('#figure-unit').textContent = unitOf(view);
  document.title = value === null ? 'hashprice' : `${money(value, view)} ${shortUnit(view)} · hashprice`;
}

export function showAge(latest, now) {
  if (latest.time_s === null) {
    $('#age').textContent = 'nothing has been observed yet';
    return;
  }
  const old = Math.max(0, now - latest.time_s);
  $('#age').replaceChildren(timeEl(latest.time_s), old < 90 ? ', just now' : `, ${age(old)} ago`,
    ` · BTC ${number(latest.price_usd, { decimals: 0 })} USD · block ${latest.height?.toLocaleString('en-US') ?? DASH}`);
}

function tile(label, ratio, note) {
  const tone = ratio === null || Math.abs(ratio) < 0.0005 ? '' : ratio > 0 ? '.good' : '.bad';
  const arrow = ratio === null || Math.abs(ratio) < 0.0005 ? '' : ratio > 0 ? '▲ ' : '▼ ';
  return el('div', { title: note ?? '' }, el('dt', {}, label), el(`dd${tone}`, {}, arrow + percent(ratio)));
}

// `open`: the decline that is open, of a rule in USD; `high`: else the highest close of its window.
export function showChanges(latest, view, month, standing) {
  const now = valueOf(latest, view);
  const tiles = CHANGES.map(([label, span]) => {
    const then = month ? valueAt(month.points, latest.time_s - span, month.slack) : null;
    return tile(label, then && now ? now / then - 1 : null, then ? `then ${money(then, view)} ${shortUnit(view)}` : 'no value that long ago');
  });
  const peak = standing?.decline?.peak ?? standing?.window_high;
  if (peak?.value && latest.usd_per_ph_day) {
    const label = standing.decline ? `since the peak, ${peak.date}` : `from the high, ${peak.date}`;
    tiles.push(tile(label, latest.usd_per_ph_day / peak.value - 1, `in USD: ${number(peak.value, { decimals: 2 })} USD/PH/day then`));
  }
  $('#changes').replaceChildren(...tiles);
}

export function showRetarget(projection) {
  const r = projection?.retarget;
  if (!r) {
    $('#retarget').textContent = projection?.missing ? `next retarget not known: ${projection.missing}` : '\u00a0';
    return;
  }
  const band = r.exact ? '' : ` (${percent(r.change_low)} to ${percent(r.change_high)})`;
  $('#retarget').replaceChildren(projection.stale ? 'seen from then, next retarget ' : 'next retarget ',
    el('b', {}, percent(r.change)), band, ' around ', timeEl(r.time_s, { dateOnly: true }),
    ` · ${number(r.blocks_left, { decimals: 0 })} blocks left · then ${number(r.hashprice.usd_per_ph_day, { decimals: 2 })} USD/PH/day, all else equal`);
}

const notice = (bad, title, text) => el(bad ? 'p.notice.bad' : 'p.notice', {}, el('b', {}, title), ` ${text}`);

// What is wrong, in plain words.
export function showNotices(latest, now, lost) {
  const notes = [];
  if (latest && latest.time_s === null) {
    notes.push(notice(false, 'No data yet.', 'The daemon has not observed anything so far. Started without --no-poll it fetches the first values within a minute or two; the panel Sources says how that goes.'));
  } else if (latest?.stale) {
    notes.push(notice(true, 'Not current.', `${sentence(latest.stale_reason)} What stands here is the last that was observed.`));
  }
  if (latest?.degraded && latest.time_s !== null) {
    notes.push(notice(false, 'With care.', `${sentence(latest.degraded_reason)} The value counts, but rests on less than it should.`));
  }
  if (lost) notes.push(notice(true, 'No connection.', 'The daemon does not answer; what stands here may have changed since. It is asked again by itself.'));
  $('#notices').replaceChildren(...notes);
}

const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}` : '');
