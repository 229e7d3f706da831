// What is drawn under the line of the main chart: declines, gaps, steps of the chain, notes, the
// fleets' break-even lines.
import { cssValue, scale } from './dom.js';
import { percent } from './format.js';

const DEPTH = { none: 0.05, notice: 0.08, warning: 0.11, critical: 0.15 };

function clip(ctx, area) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.x, area.y, area.w, area.h);
  ctx.clip();
}

// Text that can be read on whatever it lies on.
function say(ctx, text, x, y) {
  ctx.strokeStyle = cssValue('--card');
  ctx.lineWidth = 3 * scale();
  ctx.lineJoin = 'round';
  ctx.globalAlpha = 0.75;
  ctx.strokeText(text, x, y);
  ctx.globalAlpha = 1;
  ctx.fillText(text, x, y);
}

function shadeDecline(ctx, area, g, decline, chosen) {
  const left = Math.max(area.x, g.toDomXCoord(decline.from * 1000));
  const right = Math.min(area.x + area.w, g.toDomXCoord(decline.to * 1000));
  if (right <= left) return;
  const shade = cssValue('--shade');
  const strength = ((DEPTH[decline.severity] ?? 0.1) + (chosen ? 0.05 : 0)) * Number(cssValue('--shade-strength'));
  ctx.fillStyle = `rgba(${shade}, ${strength})`;
  ctx.fillRect(left, area.y, right - left, area.h);
  ctx.strokeStyle = `rgba(${shade}, 0.75)`;
  ctx.lineWidth = chosen ? 2 : 1;
  const edges = chosen || right - left > 40 ? [decline.from, decline.to] : [];
  for (const x of edges) {
    const at = Math.round(g.toDomXCoord(x * 1000)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(at, area.y);
    ctx.lineTo(at, area.y + area.h);
    ctx.stroke();
  }
  const full = `${percent(-decline.depth, 0)}${decline.foreign ? ' in USD' : ''} ${decline.severity === 'none' ? 'pending' : decline.severity}`;
  const text = [full, percent(-decline.depth, 0)].find((t) => ctx.measureText(t).width + 10 < right - left);
  if (!text) return;
  ctx.fillStyle = cssValue('--ink');
  ctx.textAlign = 'left';
  say(ctx, text, left + 5 * scale(), area.y + 15 * scale());
}

function hatch(ctx, area, g, hole) {
  const left = Math.max(area.x, g.toDomXCoord(hole.from * 1000));
  const right = Math.min(area.x + area.w, g.toDomXCoord(hole.to * 1000));
  if (right - left < 2) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, area.y, right - left, area.h);
  ctx.clip();
  ctx.strokeStyle = cssValue('--hatch');
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let x = left - area.h; x < right; x += 7 * scale()) {
    ctx.moveTo(x, area.y + area.h);
    ctx.lineTo(x + area.h, area.y);
  }
  ctx.stroke();
  ctx.restore();
}

function stepMark(ctx, area, g, mark) {
  const x = g.toDomXCoord(mark.t * 1000);
  const up = mark.change > 0;
  const size = Math.min(6, 3 + Math.abs(mark.change) * 40) * scale();
  const base = area.y + area.h - 3;
  ctx.fillStyle = cssValue('--difficulty');
  ctx.beginPath();
  ctx.moveTo(x - size, up ? base : base - 2 * size);
  ctx.lineTo(x + size, up ? base : base - 2 * size);
  ctx.lineTo(x, up ? base - 2 * size : base);
  ctx.fill();
}

function lineMark(ctx, area, g, mark, row) {
  const x = Math.round(g.toDomXCoord(mark.t * 1000)) + 0.5;
  ctx.strokeStyle = cssValue('--ink');
  ctx.lineWidth = 1;
  ctx.setLineDash([2, 3]);
  ctx.beginPath();
  ctx.moveTo(x, area.y);
  ctx.lineTo(x, area.y + area.h);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = cssValue('--ink');
  const roomy = x < area.x + area.w - 120 * scale();
  ctx.textAlign = roomy ? 'left' : 'right';
  const text = mark.text.length > 28 ? `${mark.text.slice(0, 27)}…` : mark.text;
  say(ctx, text, x + (roomy ? 4 : -4), area.y + (32 + row * 15) * scale());
}

// Whether the line of the values runs through a label at its right end.
function crossed(g, area, y, width) {
  const from = g.toDataXCoord(area.x + area.w - width);
  for (let row = g.numRows() - 1; row >= 0 && g.getValue(row, 0) >= from; row -= 1) {
    const value = g.getValue(row, 1)?.[1];
    if (value != null && Math.abs(g.toDomYCoord(value) - y) < 12 * scale()) return true;
  }
  return false;
}

function fleetLine(ctx, area, g, fleet, taken) {
  const y = Math.round(g.toDomYCoord(fleet.value)) + 0.5;
  if (!(y > area.y && y < area.y + area.h)) return;
  ctx.strokeStyle = cssValue('--fleet');
  ctx.lineWidth = 1.5;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(area.x, y);
  ctx.lineTo(area.x + area.w, y);
  ctx.stroke();
  ctx.setLineDash([]);
  const row = 14 * scale();
  let at = y - 5 * scale();
  while (taken.some((other) => Math.abs(other - at) < row)) at += row;
  taken.push(at);
  const text = `${fleet.name} breaks even`;
  const right = !crossed(g, area, at - 4 * scale(), ctx.measureText(text).width + 12);
  ctx.fillStyle = cssValue('--fleet');
  ctx.textAlign = right ? 'right' : 'left';
  say(ctx, text, right ? area.x + area.w - 6 : area.x + 6, at);
}

// marks: {declines, holes, steps, notes, fleets, chosen}
export function drawMarks(ctx, area, g, marks) {
  clip(ctx, area);
  ctx.font = `${12 * scale()}px ${getComputedStyle(document.body).fontFamily}`;
  for (const d of marks.declines) shadeDecline(ctx, area, g, d, d.id === marks.chosen);
  for (const hole of marks.holes) hatch(ctx, area, g, hole);
  const [left, right] = g.xAxisRange();
  const shown = (m) => m.t * 1000 >= left && m.t * 1000 <= right;
  const steps = marks.steps.filter(shown);
  if (steps.length <= 60) {
    for (const m of steps.filter((s) => s.kind === 'retarget')) stepMark(ctx, area, g, m);
  }
  const lines = [...marks.notes, ...marks.steps.filter((s) => s.kind === 'halving')].filter(shown);
  lines.forEach((m, i) => lineMark(ctx, area, g, m, i % 3));
  const taken = [];
  for (const fleet of marks.fleets) fleetLine(ctx, area, g, fleet, taken);
  ctx.restore();
}
