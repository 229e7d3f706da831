// Wires the page: what is loaded when, and what follows what.
import { get, now, urlOf } from './api.js';
import { MainChart, tameDygraphs } from './chart.js';
import { $, radios } from './dom.js';
import { showDeclineDrivers, showWindowDrivers } from './drivers.js';
import { declineOf, markChosen, shadesFor, showEpisodes } from './episodes.js';
import { showFleets, showOwn, startOwn } from './fleets.js';
import { age, isoDate, short, shortUnit, timeEl, usdPerPhTo } from './format.js';
import { loadMonth, showAge, showChanges, showFigure, showNotices, showRetarget } from './head.js';
import { showGaps, showSources } from './health.js';
import { inputsUrl, pointInputs, recolourInputs, showInputs } from './inputs.js';
import { failure, links, stateBox } from './panel.js';
import { showLegend, showReadout, showSummary, showTable } from './readout.js';
import { holesOf, loadSeries, seriesParams } from './series.js';
import { follow } from './stream.js';
import { installTokenPrompt } from './token.js';
import { onView, setView, startView, view, windowOf } from './view.js';

const state = { latest: null, status: null, series: null, fleets: [], month: null, standing: null, lost: false, drawn: 0 };
let chart;
let turn = 0;

// The newest instant there is to show: now, or the last observation when that is old.
const anchor = () => (state.latest?.stale && state.latest.time_s ? state.latest.time_s : Math.floor(now()));

async function loadHead() {
  try {
    state.latest = await get('hashprice/latest');
  } catch (error) {
    $('#age').textContent = `The current value could not be read: ${error.message}.`;
    return;
  }
  showFigure(state.latest, view);
  showAge(state.latest, now());
  showNotices(state.latest, now(), state.lost);
}

const quietly = (promise) => promise.catch(() => null);

async function loadChanges() {
  if (!state.latest?.time_s) return;
  const [month, trend] = await Promise.all([quietly(loadMonth(view, state.latest.time_s)), quietly(get('trend'))]);
  const standings = (trend?.rules ?? []).filter((r) => r.denomination === 'usd');
  state.month = month;
  state.standing = standings.find((r) => r.decline) ?? standings[0] ?? null;
  showChanges(state.latest, view, month, state.standing);
}

const loadProjection = async () => showRetarget(await quietly(get('projection')), state.latest);

function note(...nodes) {
  const box = $('#chart-note');
  box.hidden = nodes.length === 0;
  box.replaceChildren(...nodes);
}

function anchorNote(window) {
  const old = state.latest?.stale && state.latest.time_s && now() - state.latest.time_s > 3600;
  const box = $('#anchor-note');
  box.hidden = !old;
  if (old) {
    box.replaceChildren('The data end on ', timeEl(state.latest.time_s), `, ${age(now() - state.latest.time_s)} ago`
      + `${view.range ? ': the range counts back from there.' : '.'}`);
  }
  $('#chart-panel').dataset.from = window.from;
  $('#chart-panel').dataset.to = window.to;
}

async function loadMarks(window) {
  const params = { from: Math.floor(window.from), to: Math.ceil(window.to) };
  const answer = await quietly(get('annotations', params));
  const all = (answer?.annotations ?? []).map((a) => ({ kind: a.kind, t: a.time_s, change: a.change, text: a.kind === 'halving' ? 'halving' : a.text }));
  chart.setMarks({ steps: all.filter((a) => a.kind !== 'note'), notes: all.filter((a) => a.kind === 'note') });
}

function sayMarks() {
  chart.setMarks({
    declines: shadesFor(view.den),
    chosen: view.episode,
    holes: holesOf(state.series?.points ?? []),
    fleets: state.fleets.map((f) => ({ name: f.name, value: usdPerPhTo(f.usd_per_ph_day, view) })).filter((f) => f.value !== null),
  });
  if (!state.series) return;
  showLegend(state.series, chart.marks);
  showSummary(state.series, view, chart.marks);
}

function showDrivers() {
  const decline = view.episode ? declineOf(view.episode) : null;
  if (decline) {
    showDeclineDrivers(decline);
    return;
  }
  const valued = (state.series?.points ?? []).filter((p) => p.close !== null);
  showWindowDrivers(valued[0]?.t, valued.at(-1)?.t);
}

function empty() {
  return state.latest?.time_s
    ? stateBox('Nothing was observed in this window.', 'The ranges above lead back to where there is something.')
    : stateBox('No data yet.', 'The chart fills as soon as the first hash price has been observed.');
}

function draw(window) {
  $('#chart-unit').textContent = shortUnit(view);
  chart.show(state.series.points, window, { log: view.log, yLabel: short });
  note(...(state.series.points.some((p) => p.close !== null) ? [] : [empty()]));
}

async function loadChart() {
  turn += 1;
  const mine = turn;
  $('#chart-panel').setAttribute('aria-busy', 'true');
  await fillChart(mine);
  if (mine === turn) $('#chart-panel').removeAttribute('aria-busy');
}

// Without the series nothing that follows its window can be shown; it is asked again until it comes.
async function chartFailed(error) {
  note(failure(error));
  const mine = turn;
  setTimeout(() => { if (mine === turn) loadChart(); }, 20000);
  if (state.series) return;
  $('#drivers .panel-body').replaceChildren(stateBox('Nothing to compare.', 'The history above could not be read.'));
  await showInputs(windowOf(anchor(), null), { step: '1d', spoken: () => false }, state.latest?.time_s, pointAt);
}

async function fillChart(mine) {
  const window = windowOf(anchor(), state.status?.observations?.first_s);
  anchorNote(window);
  const params = seriesParams(view, window, chart.width);
  links($('#chart-panel .links'), [
    { text: 'Download as CSV', url: urlOf('hashprice', { ...params, format: 'csv' }), file: `hashprice-${isoDate(window.from)}-${isoDate(window.to)}.csv` },
    { text: 'API call', url: urlOf('hashprice', params) },
  ]);
  let series;
  try {
    series = await loadSeries(params, state.latest?.time_s);
  } catch (error) {
    if (mine === turn) await chartFailed(error);
    return;
  }
  if (mine !== turn) return;
  state.series = series;
  state.drawn = now();
  draw(window);
  sayMarks();
  showTable(series, view);
  showDrivers();
  const step = series.step === 'raw' ? '1h' : series.step;
  const span = { from: params.from, to: params.to, step };
  links($('#inputs .links'), ['price', 'difficulty', 'fees'].flatMap((name) => [
    { text: `${name} as CSV`, url: inputsUrl(name, span, 'csv'), file: `${name}.csv` }]).concat([
    { text: 'API call', url: inputsUrl('price', span, null) }]));
  await Promise.all([showInputs(window, { step, spoken: series.spoken }, state.latest?.time_s, pointAt), loadMarks(window)]);
  if (mine !== turn) return;
  showLegend(series, chart.marks);
  showPoint(null);
}

function showPoint(index) {
  if (!state.series) return;
  const t = index === null ? null : state.series.points[index].t;
  showReadout(state.series, index, view, pointInputs(t), chart.marks);
}

// From the small charts to the large one.
function pointAt(t) {
  if (!state.series) return;
  const index = t === null ? -1 : state.series.points.findIndex((p) => p.t >= t);
  chart.select(index < 0 ? null : index);
  showPoint(index < 0 ? null : index);
}

async function loadFleets() {
  state.fleets = await showFleets();
  showOwn();
  sayMarks();
}

async function loadEpisodes() {
  await showEpisodes();
  sayMarks();
  if (view.episode) showDrivers();
}

const showGap = (from, to) => {
  const margin = Math.max(86400, (to - from) * 2);
  setView({ from: Math.floor(from - margin), to: Math.ceil(to + margin), episode: null });
};

async function loadStatus() {
  state.status = await quietly(get('status'));
  if (state.status) $('#version').textContent = `hashprice ${state.status.version}`;
}

async function loadAll() {
  await Promise.all([loadHead(), loadStatus()]);
  await Promise.all([loadChart(), loadChanges(), loadProjection(), loadEpisodes(), loadFleets(), showSources(now), showGaps(showGap)]);
}

// At most once in `seconds`, and then once more for what came meanwhile.
function throttled(seconds, work) {
  let last = 0;
  let timer = null;
  return () => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = null;
      last = now();
      work();
    }, Math.max(0, (last + seconds - now()) * 1000));
  };
}

function startLive() {
  const observed = throttled(2, async () => { await loadHead(); if (view.range) tail(); });
  const tail = throttled(30, () => Promise.all([loadChart(), loadChanges(), loadProjection(), showOwn()]));
  const judged = throttled(5, () => Promise.all([loadEpisodes(), loadChanges(), loadFleets()]));
  const heard = throttled(10, () => Promise.all([showSources(now), showGaps(showGap)]));
  const on = { observation: observed, episode: judged, source: heard, reset: throttled(2, loadAll) };
  const words = { live: () => 'connected', lost: (s) => `connection lost, trying again in ${s} s`, none: () => 'asked every minute' };
  follow({
    on: (name) => on[name]?.(),
    state: (name, seconds) => {
      $('#live').dataset.state = name;
      $('#live-text').textContent = words[name](seconds);
      state.lost = name === 'lost';
      if (state.latest) showNotices(state.latest, now(), state.lost);
      if (name === 'none') setInterval(observed, 60000);
    },
  });
  setInterval(() => { if (state.latest) showAge(state.latest, now()); }, 10000);
}

function startControls() {
  const shows = {
    den: radios($('#den'), view.den, (den) => setView({ den })),
    per: radios($('#per'), view.per, (per) => setView({ per })),
    range: radios($('#range'), view.range, (range) => setView({ range, episode: null })),
  };
  $('#log').addEventListener('click', () => setView({ log: !view.log }));
  $('#zoom-in').addEventListener('click', () => chart.zoom(0.5));
  $('#zoom-out').addEventListener('click', () => chart.zoom(2));
  const sync = () => {
    for (const [name, show] of Object.entries(shows)) show(view[name]);
    $('#log').setAttribute('aria-pressed', String(view.log));
  };
  sync();
  onView((changed) => {
    sync();
    markChosen();
    if (changed('den', 'per')) {
      if (state.latest) showFigure(state.latest, view);
      loadChanges();
    }
    if (changed('range', 'from', 'to', 'den', 'per')) loadChart();
    else if (changed('log') && state.series) draw(chart.window);
    if (changed('episode')) {
      sayMarks();
      showDrivers();
    }
  });
}

function start() {
  tameDygraphs();
  installTokenPrompt();
  startView();
  chart = new MainChart($('#chart'), { point: showPoint, window: (from, to) => setView({ from, to }) });
  startControls();
  startOwn();
  loadAll().finally(startLive);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolourInputs);
  document.addEventListener('visibilitychange', () => { if (!document.hidden && now() - state.drawn > 300) loadAll(); });
}

start();
