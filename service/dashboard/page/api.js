// Our own API: relative to the page, so that any base path works; with the token when there is one.

const KEY = 'hashprice-token';
let skew = 0; // seconds that the daemon's clock is ahead of this one
let prompt = null; // asks for the token; set by token.js
let asking = null;

// Ages and ranges are counted by the daemon's clock: a wall display's own may be anywhere.
export const now = () => Date.now() / 1000 + skew;
function learnTime(response) {
  const theirs = Date.parse(response.headers.get('Date') ?? '') / 1000;
  if (Number.isFinite(theirs) && Math.abs(theirs - now()) > 5) skew = theirs - Date.now() / 1000;
}

export const token = () => sessionStorage.getItem(KEY);
export const setToken = (value) => sessionStorage.setItem(KEY, value);
export const onTokenNeeded = (ask) => { prompt = ask; };

export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status; // 0: no answer at all
  }
}

export function urlOf(path, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, value);
  }
  const text = query.toString();
  return `api/v1/${path}${text ? `?${text}` : ''}`;
}

async function problemOf(response) {
  try {
    const body = await response.json();
    return new ApiError(response.status, body.detail || body.title || response.statusText);
  } catch {
    return new ApiError(response.status, response.statusText || 'no reason was given');
  }
}

// One question for the token at a time, however many requests wait for it.
async function askForToken(wrong) {
  asking = asking || prompt(wrong).finally(() => { asking = null; });
  return asking;
}

// The raw answer of a good request.   throws ApiError
export async function request(url, options = {}) {
  for (;;) {
    const used = token();
    const headers = { ...options.headers };
    if (used) headers.Authorization = `Bearer ${used}`;
    let response;
    try {
      response = await fetch(url, { ...options, headers, credentials: 'same-origin' });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new ApiError(0, 'the daemon does not answer');
    }
    learnTime(response);
    if (response.status === 401 && prompt) {
      if (token() === used) await askForToken(Boolean(used));
      continue;
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

export async function get(path, params = {}, options = {}) {
  return (await request(urlOf(path, params), options)).json();
}

// For links: a file that the browser saves. With a token a plain link would be refused.
export async function save(url, name) {
  const blob = await (await request(url)).blob();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
