// Numbers, times and units as people read them. Missing is a dash, never a zero.
import { el } from './dom.js';

export const DASH = '–';
export const DAY = 86400;
const PER = { th: 1e-3, ph: 1, eh: 1e3 };
const MONEY = { usd: 'USD', btc: 'BTC', sat: 'sat' };
const RATE = { th: 'TH', ph: 'PH', eh: 'EH' };

const known = (x) => x !== null && x !== undefined && Number.isFinite(x);
const minus = (text) => text.replace('-', '\u2212');

export const unitOf = (view) => `${MONEY[view.den]} per ${RATE[view.per]}/s and day`;
export const shortUnit = (view) => `${MONEY[view.den]}/${RATE[view.per]}/day`;

// The hash price of an observation in the chosen unit.
export function valueOf(observation, view) {
  const base = view.den === 'usd' ? observation.usd_per_ph_day : observation.sat_per_ph_day;
  if (!known(base)) return null;
  return base * PER[view.per] / (view.den === 'btc' ? 1e8 : 1);
}

// USD per PH and day, in the chosen unit; null where the unit is no US dollars.
export const usdPerPhTo = (usd, view) => (view.den === 'usd' && known(usd) ? usd * PER[view.per] : null);

// A number with `digits` that count, never fewer decimals than make sense for money.
export function number(x, { decimals = null, digits = 4 } = {}) {
  if (!known(x)) return DASH;
  const size = Math.abs(x);
  let places = decimals;
  if (places === null) {
    places = size === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
    places = Math.min(places, 10);
  }
  const text = x.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places });
  return minus(/[1-9]/.test(text) ? text : text.replace('-', ''));
}

export function money(x, view) {
  if (!known(x)) return DASH;
  if (view.den === 'usd' && Math.abs(x) >= 1) return number(x, { decimals: Math.abs(x) >= 10000 ? 0 : 2 });
  if (view.den === 'sat') return number(x, { decimals: Math.abs(x) >= 1000 ? 0 : 2 });
  return number(x, { digits: view.den === 'btc' ? 5 : 4 });
}

// For an axis: as short as can be, with k and M.
export function short(x) {
  for (const [size, letter] of [[1e9, 'G'], [1e6, 'M'], [1e4, 'k']]) {
    if (Math.abs(x) >= size) return `${Number((x / (letter === 'k' ? 1e3 : size)).toPrecision(4)).toLocaleString('en-US')}${letter}`;
  }
  return minus(Number(x.toPrecision(5)).toLocaleString('en-US', { maximumFractionDigits: 10 }));
}

// A change: as a factor where a percentage would no longer say anything.
export function percent(ratio, decimals = 1) {
  if (!known(ratio)) return DASH;
  if (ratio >= 9) return `×${number(1 + ratio, { digits: 3 })}`;
  const nines = ratio < -0.995 && ratio > -1 ? Math.min(8, Math.ceil(-Math.log10(1 + ratio)) - 1) : decimals;
  const text = number(ratio * 100, { decimals: nines });
  return `${ratio > 0 && /[1-9]/.test(text) ? '+' : ''}${text}\u00a0%`;
}

export function age(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const [d, h, m] = [Math.floor(s / DAY), Math.floor(s % DAY / 3600), Math.floor(s % 3600 / 60)];
  if (d >= 10) return `${d} d`;
  if (d > 0) return h > 0 ? `${d} d ${h} h` : `${d} d`;
  if (h > 0) return m > 0 ? `${h} h ${m} min` : `${h} h`;
  return m > 0 ? `${m} min` : `${s} s`;
}

const pad = (n) => String(n).padStart(2, '0');
export function isoDate(time_s) { return new Date(time_s * 1000).toISOString().slice(0, 10); }
export function isoMinute(time_s) {
  return new Date(time_s * 1000).toISOString().slice(0, 16).replace('T', ' ');
}
export function clock(time_s) {
  const d = new Date(time_s * 1000);
  return `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}`;
}

// A time in UTC; the pointer over it shows the reader's own.
export function timeEl(time_s, { dateOnly = false, prefix = '', text: given = null } = {}) {
  if (!known(time_s)) return el('span', {}, DASH);
  const text = given ?? (dateOnly ? isoDate(time_s) : `${isoMinute(time_s)} UTC`);
  const local = new Date(time_s * 1000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return el('time', { datetime: new Date(time_s * 1000).toISOString(), title: `${local}, your time` }, prefix + text);
}
