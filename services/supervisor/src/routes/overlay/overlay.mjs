// Runs in the browser source of OBS; README.md of the supervisor says what it shows and when.

/** The supervisor repeats its words every 15 s. Without them what stands there may be untrue, and nothing is better than that. */
const STALE_MS = 40_000;
/** A supervisor that starts again is back within this time, and its line need not blink. */
const AWAY_MS = 10_000;
const RECONNECT_MS = 2000;

const SIZES = { least: 12, most: 300 };
const ALIGNS = ['left', 'center', 'right'];
const POSITIONS = { top: 'flex-start', middle: 'center', bottom: 'flex-end' };

const line = document.getElementById('line');
let forgetting = 0;

const show = (/** @type {string} */ text) => {
  line.textContent = text;
};
/** Says nothing after this time, unless something is heard before. */
const forgetIn = (/** @type {number} */ ms) => {
  clearTimeout(forgetting);
  forgetting = setTimeout(() => show(''), ms);
};

/** `?size=44&align=center&position=top`: what is no such value is passed over. */
function applyLook(/** @type {URLSearchParams} */ wanted) {
  const { style } = document.documentElement;
  const size = Number(wanted.get('size'));
  if (size >= SIZES.least && size <= SIZES.most) style.setProperty('--size', `${size}px`);
  const align = wanted.get('align') ?? '';
  if (ALIGNS.includes(align)) style.setProperty('--align', align);
  const position = wanted.get('position') ?? '';
  if (Object.hasOwn(POSITIONS, position)) style.setProperty('--position', POSITIONS[position]);
}

function listen() {
  const events = new EventSource('/v1/events');
  let isAway = false;
  events.addEventListener('words', ({ data }) => {
    isAway = false;
    show(JSON.parse(data).streamer);
    forgetIn(STALE_MS);
  });
  events.addEventListener('error', () => {
    if (!isAway) forgetIn(AWAY_MS);
    isAway = true;
    // The browser gives up on an answer such as 503; this page does not.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, RECONNECT_MS);
  });
}

applyLook(new URLSearchParams(location.search));
listen();
