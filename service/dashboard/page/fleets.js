// Who is under water: the operator's fleets, the usual classes of machines, and anyone's own numbers.
import { get, urlOf } from './api.js';
import { $, el, table } from './dom.js';
import { DASH, number } from './format.js';
import { fill, links, stateBox } from './panel.js';

const EXAMPLE = `[[fleet]]
name = "hall-a"
efficiency_j_per_th = 17.5
power_usd_per_mwh = 60.0
hashrate_ph = 120.0`;

const usd = (x, decimals = 2) => number(x, { decimals });
const toned = (x, text) => el(x < 0 ? 'span.bad' : 'span.good', {}, text);

function paybackOf(fleet) {
  const days = fleet.payback_days_usd ?? fleet.payback_days_btc;
  if (days !== null) return days > 3650 ? 'over 10 years' : `${number(days, { decimals: 0 })} d`;
  const priced = fleet.machine_price_usd_per_th !== null || fleet.machine_price_btc_per_th !== null;
  return priced ? 'never at this' : DASH;
}

const otherUse = (fleet) => fleet.alternatives.map((a) => el('div', {}, `${a.name} ${usd(a.usd_per_mwh, 0)} `,
  el('small', {}, `${a.more_usd_per_mwh >= 0 ? '+' : '\u2212'}${usd(Math.abs(a.more_usd_per_mwh), 0)} USD/MWh against mining`)));

function fleetRow(f) {
  const state = f.under_water ? el('span.tag.bad', {}, 'under water') : el('span.tag', {}, 'above water');
  return [
    el('span', {}, f.name, ' ', state, el('small', {}, `${usd(f.efficiency_j_per_th, 1)} J/TH at ${usd(f.power_usd_per_mwh, 1)} USD/MWh`)),
    el('span', {}, usd(f.net_breakeven_usd_per_mwh, 1), el('small', {}, 'USD/MWh')),
    el('span', {}, toned(f.margin_usd_per_ph_day, usd(f.margin_usd_per_ph_day)), el('small', {}, 'USD/PH/day')),
    el('span', {}, toned(f.margin_usd_per_day, usd(f.margin_usd_per_day, 0)), el('small', {}, `USD/day at ${number(f.power_mw, { decimals: 1 })} MW`)),
    paybackOf(f),
    f.alternatives.length ? el('span', {}, otherUse(f)) : DASH,
    el('span', {}, `${f.days_below_breakeven} of ${f.days_observed}`, el('small', {}, 'days of the last year')),
  ];
}

const HEAD = ['Fleet', 'Break-even power', 'Margin', 'Whole fleet', 'Payback', 'Other use', 'Below break-even'];

function tierCell({ best_usd_per_mwh: best, worst_usd_per_mwh: worst }) {
  if (best === null) return `above ${usd(worst, 0)}`;
  return worst === null ? `below ${usd(best, 0)}` : `${usd(worst, 0)} to ${usd(best, 0)}`;
}

const tierTable = (tiers) => table({
  caption: 'Break-even power price by class of machine',
  head: ['J/TH', ...tiers.map((t) => t.tier)],
  rows: [['USD/MWh', ...tiers.map(tierCell)]],
  wide: true,
});

function nobody() {
  return el('div.state', {}, el('b', {}, 'No fleets are set up.'),
    el('span', {}, 'Add yours to hashprice.toml, any number of them, and restart the daemon or send it SIGHUP:'), el('pre', {}, EXAMPLE));
}

// Returns what the chart needs of it: a name and a hash price for each fleet.
export async function showFleets() {
  let answer = null;
  await fill($('#fleets .panel-body'), async () => {
    answer = await get('breakeven');
    if (answer.usd_per_ph_day === null) return stateBox('No hash price yet.', 'Break-even prices appear with the first observation.');
    const fleets = answer.fleets.length
      ? table({ caption: `Your fleets at ${usd(answer.usd_per_ph_day)} USD/PH/day`, head: HEAD, rows: answer.fleets.map(fleetRow), wide: true })
      : nobody();
    return el('div.tables', {}, fleets, tierTable(answer.tiers));
  });
  links($('#fleets .links'), [{ text: 'API call', url: urlOf('breakeven') }]);
  return (answer?.fleets ?? []).map((f) => ({ name: f.name, usd_per_ph_day: f.shutdown_usd_per_ph_day }));
}

const numberIn = (field) => {
  const text = field.value.trim();
  const value = Number(text);
  const good = text !== '' && Number.isFinite(value) && value >= Number(field.min) && value <= Number(field.max);
  field.setAttribute('aria-invalid', String(text !== '' && !good));
  return { given: text !== '', good, value };
};

function verdict(m) {
  const parts = [];
  if (m.margin_usd_per_ph_day !== null) {
    const under = m.margin_usd_per_ph_day < 0;
    parts.push(el(under ? 'b.bad' : 'b.good', {}, under ? 'Under water: ' : 'Above water: '),
      `${usd(m.margin_usd_per_ph_day)} USD/PH/day after ${usd(m.power_cost_usd_per_ph_day)} for power. `);
  }
  if (m.breakeven_usd_per_mwh !== null) parts.push('Breaks even at ', el('b', {}, `${usd(m.breakeven_usd_per_mwh, 1)} USD/MWh`), '. ');
  if (m.power_usd_per_mwh !== null) {
    parts.push(...(m.breakeven_j_per_th === null ? ['At that price every machine earns. '] : ['At that power price machines up to ', el('b', {}, `${usd(m.breakeven_j_per_th, 1)} J/TH`), ' earn. ']));
  }
  return el('span', {}, ...parts);
}

export async function showOwn() {
  const box = $('#own-answer');
  const [efficiency, power] = [numberIn($('#own-efficiency')), numberIn($('#own-power'))];
  if ((efficiency.given && !efficiency.good) || (power.given && !power.good)) {
    box.textContent = 'J/TH is a number from 1 to 10000, USD/MWh one from -1000 to 10000.';
    return;
  }
  if (!efficiency.given && !power.given) {
    box.textContent = '';
    return;
  }
  const params = { efficiency_j_per_th: efficiency.given ? efficiency.value : null, power_usd_per_mwh: power.given ? power.value : null };
  try {
    const answer = await get('breakeven', params);
    box.replaceChildren(answer.machine ? verdict(answer.machine) : 'There is no hash price yet.');
  } catch (error) {
    box.textContent = `That could not be reckoned: ${error.message}.`;
  }
}

export function startOwn() {
  let timer;
  $('#own').addEventListener('submit', (event) => {
    event.preventDefault();
    showOwn();
  });
  $('#own').addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(showOwn, 300);
  });
}
