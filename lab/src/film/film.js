// The player of films. It only shows step by step what the page already holds;
// without it the whole picture stands there.
(() => {
  'use strict';

  const PACE = 1300; // milliseconds from a step to the next
  const ICONS = {
    first: 'M2 2h2v12H2zM14 2v12L5 8z',
    previous: 'M12 2v12L3 8z',
    play: 'M3 1v14l11-7z',
    pause: 'M3 2h4v12H3zM9 2h4v12H9z',
    next: 'M4 2v12l9-6z',
    last: 'M12 2h2v12h-2zM2 2v12l9-6z',
  };
  const icon = (name) =>
    `<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="${ICONS[name]}"/></svg>`;

  function player(figure) {
    const words = figure.dataset;
    const rows = Number(words.rows);
    if (!(rows > 1) || figure.classList.contains('film-live')) return;
    const stage = figure.querySelector('.film-stage');
    const pictures = [...figure.querySelectorAll('.film-picture')];
    const titles = [...figure.querySelectorAll('.film-reel > .film-title')];
    const lists = [...figure.querySelectorAll('.film-words ol')];
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    let at = rows - 1;
    let timer = 0;

    const bar = document.createElement('div');
    bar.className = 'film-bar';
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', figure.querySelector('figcaption').textContent);
    const button = (name, act) => {
      const made = document.createElement('button');
      made.type = 'button';
      made.innerHTML = icon(name);
      made.title = words[name];
      made.setAttribute('aria-label', words[name]);
      made.addEventListener('click', act);
      bar.append(made);
      return made;
    };
    button('first', () => go(0));
    button('previous', () => go(at - 1));
    const toggle = button('play', () => (timer ? stop() : play()));
    button('next', () => go(at + 1));
    button('last', () => go(rows - 1));
    const range = document.createElement('input');
    range.type = 'range';
    range.min = 1;
    range.max = rows;
    range.value = rows;
    range.setAttribute('aria-label', words.position);
    range.addEventListener('input', () => go(Number(range.value) - 1));
    bar.append(range);

    const said = document.createElement('div');
    said.className = 'film-said';
    said.setAttribute('aria-live', 'polite');
    said.textContent = words.hint;
    stage.before(bar, said);

    const sentences = (step) => lists.flatMap((list, i) =>
      [...list.querySelectorAll(`[data-at="${step}"]`)].map((item) =>
        (titles[i] ? `<b>${titles[i].innerHTML}</b> ` : '') + item.innerHTML));

    function show(step) {
      at = Math.max(0, Math.min(rows - 1, step));
      for (const picture of pictures) {
        const { height } = picture.viewBox.baseVal;
        const y = Number(picture.dataset.top) + at * Number(picture.dataset.row);
        const hidden = at === rows - 1 ? 0 : height - y - Number(picture.dataset.row) * 0.36;
        picture.style.clipPath = hidden > 0 ? `inset(-9px -9px ${100 * hidden / height}% -9px)` : '';
        for (const now of picture.querySelectorAll('.film-now'))
          now.classList.toggle('cur', Number(now.dataset.at) === at);
      }
      for (const item of figure.querySelectorAll('.film-words [data-at]')) {
        if (Number(item.dataset.at) === at) item.setAttribute('aria-current', 'step');
        else item.removeAttribute('aria-current');
      }
      const place = words.at.replace('{i}', at + 1).replace('{n}', rows);
      range.value = at + 1;
      range.setAttribute('aria-valuetext', place);
      said.innerHTML = `<small>${place}</small>${sentences(at).join('<br>')}`;
      const [picture] = pictures;
      const scale = picture.getBoundingClientRect().height / picture.viewBox.baseVal.height;
      const y = (Number(picture.dataset.top) + at * Number(picture.dataset.row)) * scale;
      stage.scrollTo({
        top: y - stage.clientHeight * 0.6,
        behavior: calm.matches ? 'auto' : 'smooth',
      });
    }

    function face(name) {
      toggle.innerHTML = icon(name);
      toggle.title = words[name];
      toggle.setAttribute('aria-label', words[name]);
    }

    function go(step) {
      stop();
      show(step);
    }

    function play() {
      // Read aloud, each sentence would cut the one before.
      said.setAttribute('aria-live', 'off');
      face('pause');
      show(at === rows - 1 ? 0 : at + 1);
      timer = setInterval(() => {
        show(at + 1);
        if (at === rows - 1) stop();
      }, PACE);
    }

    function stop() {
      clearInterval(timer);
      timer = 0;
      said.setAttribute('aria-live', 'polite');
      face('play');
    }

    // mdBook takes the arrows, S, / and ? on the whole page: while the film has
    // the focus, keys are the film's.
    figure.addEventListener('keydown', (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const { key, target } = event;
      if (key !== 'Tab' && key !== 'Escape') event.stopPropagation();
      if (target.matches('input, summary, a')) return;
      const step = {
        ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + 1, ArrowUp: at - 1,
        Home: 0, End: rows - 1,
      }[key];
      if (step !== undefined) go(step);
      else if (key === ' ' && target === stage) timer ? stop() : play();
      else return;
      event.preventDefault();
    });
    figure.classList.add('film-live');
  }

  const start = () => document.querySelectorAll('figure.film').forEach(player);
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', start);
  else start();
})();
