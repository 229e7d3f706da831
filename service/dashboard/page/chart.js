// The main chart: one Dygraph, its window tied to the view, its readout to the pointer and the keys.
import { $, cssValue, scale } from './dom.js';
import { drawMarks } from './marks.js';
import { setView } from './view.js';

/* global Dygraph */

export const PHONE = () => matchMedia('(max-width: 560px)').matches;

// The legend of dygraphs measures itself with an inline style, which our policy forbids; the readout
// above the chart takes its place.
export function tameDygraphs() {
  Dygraph.PLUGINS = Dygraph.PLUGINS.filter((plugin) => plugin.prototype.toString() !== 'Legend Plugin');
}

// Touch: one finger scrolls the page and points, two fingers zoom.
export function interaction(reset) {
  const standard = Dygraph.defaultInteractionModel;
  const many = (handler) => (event, g, context) => {
    if (event.touches.length > 1 || context.isZooming || context.isPanning) handler(event, g, context);
  };
  return {
    ...standard,
    touchstart: many(standard.touchstart),
    touchmove: many(standard.touchmove),
    touchend: many(standard.touchend),
    dblclick: reset,
  };
}

export function dateLabel(ms, granularity) {
  const iso = new Date(ms).toISOString();
  const G = Dygraph.Granularity;
  if (granularity >= G.ANNUAL) return iso.slice(0, 4);
  if (granularity >= G.MONTHLY) return iso.slice(5, 7) === '01' ? iso.slice(0, 4) : iso.slice(0, 7);
  if (granularity >= G.DAILY) return iso.slice(5, 10);
  return iso.slice(11, 16) === '00:00' ? iso.slice(5, 10) : iso.slice(11, 16);
}

export function axisOptions(yLabel, yWidth, perLabel = 44) {
  const one = scale();
  return {
    x: {
      drawGrid: false, axisLabelFormatter: dateLabel, axisLabelFontSize: 12 * one, pixelsPerLabel: 76 * one, axisLineColor: cssValue('--edge'), axisLabelWidth: 64 * one,
    },
    y: {
      drawGrid: true, gridLineColor: cssValue('--grid'), axisLineColor: 'transparent', axisLabelFormatter: yLabel, axisLabelFontSize: 12 * one, axisLabelWidth: yWidth * one, pixelsPerLabel: perLabel * one,
    },
  };
}

// A flat stretch is shown flat: the scale never spans less than one percent of the value.
export function rangeOf(values) {
  if (!values.length) return null;
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const least = 0.01 * high;
  return high - low >= least ? null : [(high + low - least) / 2, (high + low + least) / 2];
}

export class MainChart {
  // on: {point(index or null), window(from_s, to_s)}
  constructor(box, on) {
    this.box = box;
    this.on = on;
    this.graph = null;
    this.points = [];
    this.marks = { declines: [], holes: [], steps: [], notes: [], fleets: [], chosen: null };
    this.selected = null;
    box.addEventListener('keydown', (event) => this.key(event));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.recolour());
  }

  get width() { return this.box.clientWidth || 800; }

  show(points, window, { log, yLabel }) {
    this.points = points;
    this.window = window;
    const rows = points.map((p) => [new Date(p.t * 1000),
      p.close === null ? [null, null, null] : [p.low ?? p.close, p.close, p.high ?? p.close]]);
    const options = {
      file: rows,
      dateWindow: [window.from * 1000, window.to * 1000],
      logscale: log,
      valueRange: rangeOf(points.filter((p) => p.close !== null).flatMap((p) => [p.low ?? p.close, p.high ?? p.close])),
      axes: axisOptions(yLabel, PHONE() ? 44 : 56),
      colors: [cssValue('--accent')],
    };
    this.quiet = true;
    if (this.graph) this.graph.updateOptions(options);
    else this.make(rows, options);
    this.quiet = false;
    this.selected = null;
    this.on.point(null);
  }

  make(rows, options) {
    const { file, ...rest } = options;
    this.graph = new Dygraph(this.box, rows, {
      ...rest,
      labels: ['time', 'close'],
      labelsUTC: true,
      customBars: true,
      connectSeparatedPoints: false,
      drawGapEdgePoints: true,
      pointSize: 1.6 * scale(),
      strokeWidth: 2 * scale(),
      fillAlpha: 0.17,
      highlightCircleSize: 4 * scale(),
      yRangePad: 18 * scale(),
      xRangePad: 4 * scale(),
      interactionModel: interaction(() => setView({ range: '6m', episode: null })),
      underlayCallback: (ctx, area, g) => drawMarks(ctx, area, g, this.marks),
      highlightCallback: (event, x, points, row) => { this.selected = row; this.on.point(row); },
      unhighlightCallback: () => { this.selected = null; this.on.point(null); },
      drawCallback: (g, first) => { if (!first && !this.quiet) this.moved(g); },
    });
  }

  // The window was dragged or zoomed: tell, once it has come to rest.
  moved(g) {
    const [from, to] = g.xAxisRange().map((ms) => Math.round(ms / 1000));
    if (Math.abs(from - this.window.from) < 2 && Math.abs(to - this.window.to) < 2) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.on.window(from, to), 220);
  }

  setMarks(marks) {
    Object.assign(this.marks, marks);
    this.redraw();
  }

  redraw() {
    if (!this.graph) return;
    this.quiet = true;
    this.graph.updateOptions({});
    this.quiet = false;
  }

  recolour() {
    if (!this.graph) return;
    this.quiet = true;
    this.graph.updateOptions({
      colors: [cssValue('--accent')],
      axes: axisOptions(this.graph.getOptionForAxis('axisLabelFormatter', 'y'), PHONE() ? 44 : 56),
    });
    this.quiet = false;
  }

  select(row) {
    if (!this.graph) return;
    if (row === null) this.graph.clearSelection();
    else this.graph.setSelection(row);
  }

  zoom(factor) {
    const { from, to } = this.window;
    const anchor = this.selected === null ? (from + to) / 2 : this.points[this.selected].t;
    const span = Math.max(2 * 3600, (to - from) * factor);
    const left = anchor - (anchor - from) * (span / (to - from));
    this.on.window(Math.round(left), Math.round(left + span));
  }

  pan(share) {
    const { from, to } = this.window;
    const by = Math.round((to - from) * share);
    this.on.window(from + by, to + by);
  }

  key(event) {
    if (!this.graph || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = {
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
      Home: () => this.step(-Infinity),
      End: () => this.step(Infinity),
      PageUp: () => this.pan(-0.5),
      PageDown: () => this.pan(0.5),
      '+': () => this.zoom(0.5),
      '=': () => this.zoom(0.5),
      '-': () => this.zoom(2),
      Escape: () => this.select(null),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  }

  // To the next point with a value in that direction.
  step(by) {
    const valued = this.points.map((p, i) => (p.close === null ? -1 : i)).filter((i) => i >= 0);
    if (!valued.length) return;
    let at = valued.indexOf(this.selected);
    if (at < 0) at = by > 0 ? -1 : valued.length;
    at = Math.max(0, Math.min(valued.length - 1, at + by));
    this.selected = valued[at];
    this.select(this.selected);
    this.on.point(this.selected);
  }
}
