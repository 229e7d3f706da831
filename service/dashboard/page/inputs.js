// Price, hash rate and fees under the same window as the main chart, in step with its pointer.
import { get, urlOf } from './api.js';
import { axisOptions, interaction, rangeOf } from './chart.js';
import { $, cssValue, el, scale } from './dom.js';
import { number, short } from './format.js';
import { failure } from './panel.js';
import { setView } from './view.js';

/* global Dygraph */

const INPUTS = {
  price: { colour: '--price', of: (p) => p.price_usd, text: (x) => number(x, { decimals: 0 }), axis: short },
  difficulty: { colour: '--difficulty', step: true, of: (p) => p.hashrate_eh_s, text: (x) => number(x, { decimals: 0 }), axis: short },
  fees: { colour: '--fees', of: (p) => (p.fee_sat_mean === null ? null : p.fee_sat_mean / 1e8), text: (x) => number(x, { decimals: 4 }), axis: short },
};
const graphs = {};
const data = {};

export const inputsUrl = (name, params, format) => urlOf(`inputs/${name}`, { ...params, format });

function draw(name, window) {
  const { colour, of, axis, step } = INPUTS[name];
  const figure = $(`#inputs [data-input=${name}]`);
  const { points, ends } = data[name];
  const rows = points.map((p, i) => [new Date(ends[i] * 1000), of(p) ?? null]);
  const box = $('.mini-chart', figure);
  const options = {
    dateWindow: [window.from * 1000, window.to * 1000], valueRange: rangeOf(points.map((p) => of(p)).filter((x) => x !== null)), colors: [cssValue(colour)], axes: axisOptions(axis, 44, 20),
  };
  if (graphs[name]) {
    graphs[name].updateOptions({ ...options, file: rows });
    return;
  }
  graphs[name] = new Dygraph(box, rows, {
    ...options,
    labels: ['time', name],
    labelsUTC: true,
    stepPlot: Boolean(step),
    connectSeparatedPoints: false,
    drawGapEdgePoints: true,
    pointSize: 1.4 * scale(),
    strokeWidth: 1.6 * scale(),
    highlightCircleSize: 3 * scale(),
    yRangePad: 8 * scale(),
    xRangePad: 4 * scale(),
    interactionModel: { ...interaction(() => setView({ range: '6m', episode: null })) },
    highlightCallback: (event, x) => graphs.onTime?.(x / 1000),
    unhighlightCallback: () => graphs.onTime?.(null),
    zoomCallback: (from, to) => setView({ from: Math.round(from / 1000), to: Math.round(to / 1000), episode: null }),
  });
}

function say(name, index) {
  const { of, text } = INPUTS[name];
  const points = data[name]?.points ?? [];
  const point = index === null ? points.findLast((p) => of(p) !== null) : points[index];
  $(`#inputs [data-input=${name}] output`).textContent = point ? text(of(point)) : '';
}

// Loads the three for the window; each may fail on its own. Returns the difficulty points.
export async function showInputs(window, { step, spoken }, newest, onTime) {
  graphs.onTime = onTime;
  const params = { from: Math.floor(window.from / 60) * 60, to: Math.ceil(window.to / 60) * 60, step: step === 'raw' ? '1h' : step };
  await Promise.all(Object.keys(INPUTS).map(async (name) => {
    const figure = $(`#inputs [data-input=${name}]`);
    try {
      const answer = await get(`inputs/${name}`, params);
      const { of } = INPUTS[name];
      const all = answer.points.map((p, i) => ({ ...p, end: Math.min(answer.points[i + 1]?.time_s ?? p.time_s + answer.step_s, Math.max(newest ?? Infinity, p.time_s + 1)) }));
      const points = all.filter((p) => of(p) !== null || !spoken(p.end));
      const ends = points.map((p) => p.end);
      data[name] = { points, ends };
      $('.note', figure)?.remove();
      const nothing = points.every((p) => of(p) === null);
      $('.mini-chart', figure).hidden = nothing;
      if (nothing) figure.append(el('div.note', {}, 'Nothing is known for this window.'));
      draw(name, window);
      say(name, null);
      const known = points.map(of).filter((x) => x !== null);
      const range = known.length ? `${INPUTS[name].text(Math.min(...known))} to ${INPUTS[name].text(Math.max(...known))}` : 'no values';
      $('.mini-chart', figure).setAttribute('role', 'img');
      $('.mini-chart', figure).setAttribute('aria-label', `${$('figcaption span', figure).textContent}: ${range}, now ${$('output', figure).textContent}`);
    } catch (error) {
      data[name] = undefined;
      $('.mini-chart', figure).hidden = true;
      $('.note', figure)?.remove();
      figure.append(el('div.note', {}, failure(error)));
    }
  }));
  return data.difficulty?.points ?? [];
}

export function recolourInputs() {
  for (const name of Object.keys(INPUTS)) {
    graphs[name]?.updateOptions({ colors: [cssValue(INPUTS[name].colour)], axes: axisOptions(INPUTS[name].axis, 44, 20) });
  }
}

// The inputs that held at `t` (null: the newest), and their charts' pointers set there.
export function pointInputs(t) {
  const found = {};
  for (const name of Object.keys(INPUTS)) {
    if (!data[name]) continue;
    const index = t === null ? -1 : data[name].ends.findIndex((end) => end >= t);
    if (index >= 0) {
      graphs[name].setSelection(index);
      found[name] = data[name].points[index];
    } else {
      graphs[name].clearSelection();
      found[name] = t === null ? data[name].points.findLast((p) => INPUTS[name].of(p) !== null) : undefined;
    }
    say(name, index >= 0 ? index : null);
  }
  return found;
}
