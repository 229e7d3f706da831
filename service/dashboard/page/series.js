// The series of the main chart: from the API's columns to points in time, with the holes kept.
import { get } from './api.js';

// A bar is drawn where its close was observed: at its end, or at the newest observation inside it.
function endOf(times, i, step_s, newest) {
  const end = i + 1 < times.length ? times[i + 1] : times[i] + step_s;
  return newest ? Math.min(end, Math.max(newest, times[i] + 1)) : end;
}

// Raw observations come without empty places: one is put where they are further apart than usual.
function withHoles(points) {
  if (points.length < 3) return points;
  const steps = points.slice(1).map((p, i) => p.t - points[i].t).sort((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)];
  return points.flatMap((p, i) => (i > 0 && p.t - points[i - 1].t > 2.5 * usual
    ? [{ t: points[i - 1].t + usual, start: points[i - 1].t, close: null }, p] : [p]));
}

const DAY = 86400;

export function seriesParams(view, window, width) {
  return {
    from: Math.floor(window.from / 60) * 60,
    to: Math.ceil(window.to / 60) * 60,
    denomination: view.den,
    per: view.per,
    // a day is shown by the minute, a year by the day at least
    max_points: window.to - window.from <= DAY ? 1500 : Math.max(400, Math.min(1500, Math.round(width))),
  };
}

const dayOf = (t) => Math.floor((t - 1) / DAY) * DAY; // a bar holds its end

// Hours stand empty where the past is known by the day only. Such a day is observed whole all the
// same: says for an instant whether it lies in one.
async function wholeDays(params) {
  const answer = await get('hashprice', { from: dayOf(params.from + 1), to: params.to, step: '1d', fields: 'coverage', format: 'columns' });
  const whole = new Set(answer.columns.time_s.filter((_, i) => answer.columns.coverage[i] > 0.999));
  return (t) => whole.has(dayOf(t));
}

export async function loadSeries(params, newest) {
  const answer = await get('hashprice', { ...params, format: 'columns' });
  const c = answer.columns;
  const raw = answer.step === 'raw';
  let points = c.time_s.map((start, i) => ({
    t: raw ? start : endOf(c.time_s, i, answer.step_s, newest),
    start,
    close: c.close[i],
    low: c.low[i],
    high: c.high[i],
    mean: c.mean[i],
    coverage: c.coverage[i],
  }));
  if (raw) points = withHoles(points);
  const fine = ['raw', '1h', '6h'].includes(answer.step) && points.some((p) => p.close === null);
  const spoken = fine ? await wholeDays(params) : () => false;
  points = points.filter((p) => p.close !== null || !spoken(p.t));
  return { points, step: answer.step, step_s: answer.step_s, unit: answer.unit, spoken };
}

// Stretches without a value between two values: {from, to}, where the line breaks off and goes on.
export function holesOf(points) {
  const holes = [];
  let before = null;
  let broken = false;
  for (const p of points) {
    if (p.close === null) {
      broken = before !== null;
    } else {
      if (broken) holes.push({ from: before.t, to: Math.max(before.t, Math.min(p.start, p.t)) });
      broken = false;
      before = p;
    }
  }
  return holes;
}

// The newest value at or before `t`, not older than `slack` seconds.
export function valueAt(points, t, slack) {
  for (let i = points.length - 1; i >= 0; i -= 1) {
    const p = points[i];
    if (p.t <= t && p.close !== null) return t - p.t <= slack ? p.close : null;
  }
  return null;
}
