'use strict';
// Everything that arrived is a stranger's text: it is only ever set as textContent, or shown in a frame that may run nothing.

const Page = 200;   // rows that are asked for at a time; older ones come when they are asked for
const el = id => document.getElementById(id);
const state = { messages: [], channel: '', find: '', open: null, fresh: new Set(), loaded: false, older: false, links: {} };

const icons = {
  push: 'M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2',
  email: 'M4 6h16v12H4zM4 7l8 6 8-6',
  sms: 'M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-4 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM8 9.5h8M8 12.5h5',
};
const Placeholder = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect width="100%" height="100%" fill="#d8dbe3"/>'
  + '<text x="50%" y="50%" text-anchor="middle" dominant-baseline="middle" font-family="sans-serif" font-size="11" fill="#5d6475">image not loaded</text></svg>')}`;
const channels = { push: 'Push', email: 'Email', sms: 'SMS' };
const providers = { fcm: 'FCM', apns: 'APNs', smtp: 'SMTP', twilio: 'Twilio', sendgrid: 'SendGrid', gateway: 'SMS gateway' };

function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

function icon(channel) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', icons[channel]);
  svg.append(path);
  return make('span', { class: `icon ${channel}`, 'aria-hidden': 'true' }, svg);
}

const clock = at => new Date(at).toLocaleTimeString([], { timeStyle: 'medium' });
const shorten = text => text.length > 40 ? `${text.slice(0, 18)}…${text.slice(-14)}` : text;
const titleOf = message => message.title || message.preview || '(no text)';

// The sandbox searches whole texts; of one that just arrived the page knows the beginning, so a search is asked for again then.
const isWanted = message => !state.channel || message.channel === state.channel;

function row(message) {
  const button = make('button', {
    type: 'button', class: state.fresh.has(message.seq) ? 'item new' : 'item', 'data-seq': message.seq,
    'aria-current': state.open === message.seq ? 'true' : null, onclick: () => read(message.seq),
  },
  icon(message.channel),
  make('span', { class: 'sr' }, `${channels[message.channel]}: `),
  make('span', { class: 'title', dir: 'auto' }, titleOf(message)),
  make('time', { datetime: message.at }, clock(message.at)),
  make('span', { class: 'preview', dir: 'auto' }, message.title && message.preview ? message.preview : `via ${providers[message.provider]}`),
  make('span', { class: 'to' }, `to ${shorten(message.to)}`));
  return make('li', {}, button);
}

function drawList() {
  const wanted = state.messages.filter(isWanted);
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.seq : undefined;
  const top = el('list').scrollTop;
  el('list').replaceChildren(...wanted.map(row));
  el('list').scrollTop = top;
  if (focused) el('list').querySelector(`[data-seq="${focused}"]`)?.focus({ preventScroll: true });
  state.fresh.clear();

  const blank = state.loaded && state.messages.length === 0 && !state.channel && !state.find;
  document.body.classList.toggle('blank', blank);
  el('older').hidden = !state.older || wanted.length === 0;
  el('none').hidden = wanted.length > 0;
  el('none').textContent = !state.loaded ? 'Loading' : blank ? 'Waiting for the first message' : 'No message matches. Try another channel or word.';
  if (state.open === null && state.loaded) {
    el('empty').hidden = false;
    el('empty-title').textContent = blank ? 'Nothing has arrived yet' : 'Choose a message';
    el('empty-text').textContent = blank
      ? 'This page stands at the far end of Notify: phones, mailboxes and text messages, all on this machine. Send a notification and watch it arrive here.'
      : 'Each is shown as its recipient would see it, and as it came over the wire.';
    el('empty-try').hidden = !blank;
  }
}

let drawing = false;
function drawSoon() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => { drawing = false; drawList(); });
}

async function drawTotals() {
  const answer = await fetch('/sandbox/stats');
  if (!answer.ok) return;
  const stats = await answer.json();
  const count = Object.entries(providers).filter(([name]) => stats.accepted[name]).map(([name, label]) => `${label} ${stats.accepted[name].toLocaleString()}`).join(' · ') || 'none yet';
  const twice = stats.ids.repeated ? ` · ${stats.ids.repeated.toLocaleString()} delivered more than once` : '';
  el('totals').textContent = `Accepted: ${count}${twice}`;
}

let totalling = false;
function totalsSoon() {
  if (totalling) return;
  totalling = true;
  setTimeout(() => { totalling = false; drawTotals().catch(() => live(false)); }, 400);
}

let meanwhile = null;   // what comes over the stream while a list is on its way, which may be older
async function ask(more) {
  const query = new URLSearchParams({ limit: Page, channel: state.channel, find: state.find, ...more });
  const answer = await fetch(`/sandbox/messages?${query}`);
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}.`);
  return answer.json();
}

async function load() {
  const arrived = meanwhile = [];
  const listed = await ask();
  if (arrived !== meanwhile) return;   // another load began since, and knows better
  state.messages = listed;
  state.older = listed.length === Page;
  arrived.forEach(add);
  meanwhile = null;
  state.loaded = true;
  drawList();
  totalsSoon();
}

async function loadOlder() {
  const oldest = state.messages.at(-1);
  const [channel, find] = [state.channel, state.find];
  const listed = await ask({ before: oldest.seq });
  if (channel !== state.channel || find !== state.find) return;
  const known = new Set(state.messages.map(message => message.seq));
  state.messages.push(...listed.filter(message => !known.has(message.seq)));
  state.older = listed.length === Page;
  drawList();
}

let looking;
function lookSoon(wait) {
  clearTimeout(looking);
  looking = setTimeout(() => load().catch(() => live(false)), wait);
}

function live(on) {
  el('live').className = on ? 'live on' : 'live off';
  el('live-text').textContent = on ? 'Live' : 'Lost the sandbox, trying again';
}

function add(message) {
  if (state.messages.some(known => known.seq === message.seq)) return false;
  state.messages.unshift(message);
  state.messages.sort((a, b) => b.seq - a.seq);
  return true;
}

function watch() {
  const source = new EventSource('/sandbox/stream');
  source.onopen = () => { live(true); load().catch(() => live(false)); };
  source.onerror = () => live(false);
  source.addEventListener('arrived', event => {
    const message = JSON.parse(event.data);
    totalsSoon();
    if (state.find) {
      lookSoon(400);
      return;
    }
    meanwhile?.push(message);
    if (!add(message)) return;
    state.fresh.add(message.seq);
    drawSoon();
  });
}

function close() {
  state.open = null;
  document.body.classList.remove('reading');
  el('message').hidden = true;
  el('message').replaceChildren();
  el('empty').hidden = false;
  drawList();
}

// Back, the browser's own and the page's, leads from a message to the list.
function leave() {
  if (history.state?.fromList) history.back();
  else {
    history.replaceState(null, '', location.pathname);
    close();
  }
}

function read(seq) {
  if (state.open === null) history.pushState({ fromList: true }, '', `#${seq}`);
  else history.replaceState(history.state, '', `#${seq}`);
  open(seq).catch(() => live(false));
}

async function open(seq) {
  state.open = seq;
  drawList();
  const answer = await fetch(`/sandbox/messages/${seq}`);
  if (state.open !== seq) return;
  if (!answer.ok) {
    leave();
    return;
  }
  const message = await answer.json();
  el('empty').hidden = true;
  el('message').hidden = false;
  document.body.classList.add('reading');
  el('message').replaceChildren(head(message), ...body(message), facts(message), wire(message));
  el('detail').scrollTop = 0;
  el('detail').focus({ preventScroll: true });
}

function follow() {
  const seq = Number(location.hash.slice(1));
  if (seq > 0) open(seq).catch(() => live(false));
  else if (state.open !== null) close();
}

const head = message => make('div', { class: 'head' },
  make('button', { type: 'button', class: 'quiet back', onclick: leave }, 'Back'),
  make('span', { class: `chip ${message.channel}` }, channels[message.channel]),
  message.answered ? null : make('span', { class: 'chip warn' }, 'Answer dropped'),
  make('time', { datetime: message.at }, new Date(message.at).toLocaleString()));

function body(message) {
  if (message.push) return push(message);
  return [message.mail ? mail(message) : sms(message)];
}

function push(message) {
  const at = new Date(message.at);
  const { app, title, body, data } = message.push;
  const phone = make('div', { class: 'phone' },
    make('div', { class: 'clock', 'aria-hidden': 'true' },
      make('small', {}, at.toLocaleDateString([], { weekday: 'long', month: 'long', day: 'numeric' })), at.toLocaleTimeString([], { timeStyle: 'short' })),
    make('div', { class: 'note' },
      make('div', { class: 'app' }, make('i', {}), make('b', { dir: 'auto' }, app), make('span', {}, 'now')),
      title ? make('h2', { dir: 'auto' }, title) : null,
      make('p', { dir: 'auto' }, body || (title ? '' : '(data only: nothing is shown on the device)'))));
  const rest = Object.entries(data);
  return [
    phone,
    body ? card('The whole text', make('p', { class: 'whole', dir: 'auto' }, body)) : null,
    rest.length ? card('Data for the app', list(rest)) : null,
  ].filter(Boolean);
}

function mail(message) {
  const parts = message.mail;
  const frame = () => {
    const { html, remote } = withoutRemoteImages(parts.html);
    const shown = make('iframe', { sandbox: '', referrerpolicy: 'no-referrer', title: 'HTML part', srcdoc: html });
    const images = remote === 1 ? 'One remote image is' : `${remote} remote images are`;
    return remote ? make('div', {}, make('p', { class: 'blocked' }, `${images} not loaded: nothing on this page is fetched from elsewhere.`), shown) : shown;
  };
  const tabs = [];
  if (parts.html) tabs.push(['HTML', frame]);
  if (parts.text) tabs.push(['Text', () => make('pre', { class: 'plain', dir: 'auto', tabindex: 0 }, parts.text)]);
  tabs.push(['Source', () => make('pre', { tabindex: 0 }, message.raw)]);
  const pane = make('div', { role: 'tabpanel', id: 'pane', 'aria-labelledby': 'tab-0' });
  const buttons = tabs.map(([name], index) => make('button', { type: 'button', role: 'tab', id: `tab-${index}`, 'aria-controls': 'pane', onclick: () => choose(index) }, name));
  const choose = index => {
    buttons.forEach((button, at) => { button.setAttribute('aria-selected', String(at === index)); button.tabIndex = at === index ? 0 : -1; });
    pane.setAttribute('aria-labelledby', `tab-${index}`);
    pane.replaceChildren(tabs[index][1]());
  };
  const strip = make('div', {
    class: 'tabs', role: 'tablist', 'aria-label': 'Parts of the mail', onkeydown: event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
      choose(next);
      buttons[next].focus();
    },
  }, ...buttons);
  choose(0);
  const lines = [['From', parts.from || message.from], ['To', parts.to || message.to]];
  if (parts.date) lines.push(['Date', parts.date]);
  for (const file of parts.attachments) lines.push(['Attached', `${file.name} (${file.type}, ${file.bytes.toLocaleString()} bytes)`]);
  return make('div', { class: 'card mail' }, make('h2', { dir: 'auto' }, parts.subject || '(no subject)'), list(lines), strip, pane);
}

/** The HTML with a grey box in place of each image that it would fetch, and how many there are. */
function withoutRemoteImages(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');   // inert: it runs and fetches nothing
  const images = [...parsed.querySelectorAll('img')].filter(image => !/^\s*data:/i.test(image.getAttribute('src') || 'data:'));
  for (const image of images) {
    image.setAttribute('src', Placeholder);
    image.removeAttribute('srcset');
  }
  return images.length ? { html: `<!doctype html>${parsed.documentElement.outerHTML}`, remote: images.length } : { html, remote: 0 };
}

const sms = message => make('div', { class: 'phone chat' },
  make('p', { class: 'who' }, message.sms.from),
  make('div', { class: 'bubble', dir: 'auto' }, message.sms.text),
  make('small', {}, `${message.sms.segments} ${message.sms.segments === 1 ? 'segment' : 'segments'} · ${message.sms.encoding} · ${[...message.sms.text].length} characters`));

function copyable(text) {
  const button = make('button', { type: 'button', class: 'copy', 'aria-label': `Copy ${text}`, onclick: async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  } }, 'Copy');
  return make('span', {}, `${text} `, button);
}

function facts(message) {
  const lines = [['To', message.to], ['Provider', providers[message.provider]], ['Provider id', copyable(message.providerId)]];
  if (message.deliveryId) {
    lines.push(['Delivery id', copyable(message.deliveryId)]);
    const link = (path, text) => make('a', { href: `/sandbox/deliveries/${message.deliveryId}${path}`, target: '_blank', rel: 'noreferrer' }, text);
    if (state.links.api) lines.push(['Notification', link('', 'What the API says')]);
    if (state.links.hasTraces) lines.push(['Trace', link('/trace', 'Open it on the dashboard')]);
  }
  lines.push(['Size', `${message.bytes.toLocaleString()} bytes`]);
  return card('Delivery', list(lines));
}

function wire(message) {
  let raw = message.raw;
  if (message.push) {
    try { raw = JSON.stringify(JSON.parse(raw), null, 2); } catch { raw = message.raw; }
  }
  const headers = message.headers.map(header => `${header.name}: ${header.value}`).join('\n');
  return make('details', { class: 'card' }, make('summary', {}, 'As it came over the wire'),
    make('pre', { class: 'head-lines', tabindex: 0 }, headers), message.mail ? null : make('pre', { tabindex: 0 }, raw));
}

const card = (title, content) => make('section', { class: 'card' }, make('h3', {}, title), content);
const list = lines => make('dl', {}, ...lines.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));

for (const button of document.querySelectorAll('[data-channel]')) {
  button.addEventListener('click', () => {
    state.channel = button.dataset.channel;
    for (const other of document.querySelectorAll('[data-channel]')) other.setAttribute('aria-pressed', String(other === button));
    load().catch(() => live(false));
  });
}
el('find').addEventListener('input', () => { state.find = el('find').value.trim(); lookSoon(200); });
el('older').addEventListener('click', () => loadOlder().catch(() => live(false)));
el('clear').addEventListener('click', async () => {
  await fetch('/sandbox/messages', { method: 'DELETE' });
  state.messages = [];
  state.older = false;
  if (state.open !== null) leave();
  drawList();
  totalsSoon();
});
function example({ api, apiKey }) {
  if (!api) {
    el('hint').textContent = 'The sandbox runs alone. Try it with an SMS:';
    return `curl -u ACsandbox:secret ${location.origin}/2010-04-01/Accounts/ACsandbox/Messages.json \\\n  --data-urlencode 'To=+15005550006' \\\n`
      + `  --data-urlencode 'From=+15005550001' \\\n  --data-urlencode 'Body=Hello from the sandbox'`;
  }
  el('hint').textContent = 'Post one to the Notify API:';
  const notification = { recipients: [{ email: 'ada@example.test', phone: '+14155550123' }], message: { title: 'On its way', body: 'Your parcel arrives on Tuesday.' } };
  return `curl ${new URL('/v1/notifications', api)} \\\n  -H 'Authorization: Bearer ${apiKey}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(notification)}'`;
}

async function start() {
  state.links = await (await fetch('/sandbox/links')).json();
  el('curl').textContent = example(state.links);
  watch();
  follow();
}

el('copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(el('curl').textContent);
  el('copy').textContent = 'Copied';
  setTimeout(() => { el('copy').textContent = 'Copy'; }, 1500);
});
addEventListener('popstate', follow);
start().catch(() => live(false));
