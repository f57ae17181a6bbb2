/** A line of a plot. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Where a drawing stands. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const colours = [
  ['#1f6fd1', '#6cb0ff'],
  ['#c2570c', '#ff9a52'],
  ['#0f7f6c', '#4fd0b8'],
  ['#7a4bb5', '#c3a1f2'],
] as const;

/** A picture that is as readable on a dark page as on a light one. */
export function picture(width: number, height: number, title: string, parts: readonly string[]): string {
  const palette = (dark: 0 | 1): string =>
    colours.map((colour, i) => `.c${i}{stroke:${colour[dark]};fill:${colour[dark]}}`).join('');
  const style = [
    'text{font:12px system-ui,sans-serif;fill:#24292f;stroke:none}.title{font-size:14px;font-weight:600}',
    `.grid{stroke:#d0d7de}polyline.line{fill:none;stroke-width:2}rect.bar{stroke:none}${palette(0)}`,
    `@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#3d444d}${palette(1)}}`,
  ].join('');
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">`,
    `<style>${style}</style>`,
    ...parts,
    '</svg>',
  ].join('\n')}\n`;
}

/** Lines over two logarithmic axes, each named at its end. */
export function lines(box: Box, title: string, all: readonly Line[], tick: (y: number) => string): string[] {
  const points = all.flatMap((line) => line.points);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const toX = scale([Math.min(...xs), Math.max(...xs)], [box.x, box.x + box.width]);
  const range = [Math.min(...ys) / 1.3, Math.max(...ys) * 1.3] as const;
  const toY = scale(range, [box.y + box.height, box.y]);
  const grid = steps(range).flatMap((y) => [
    `<path class="grid" d="M${box.x} ${toY(y)}h${box.width}"/>`,
    text(box.x - 8, toY(y) + 4, tick(y), 'end'),
  ]);
  const feet = [...new Set(xs)].map((x) =>
    text(toX(x), box.y + box.height + 20, x.toLocaleString('en'), 'middle'),
  );
  const ends = apart(all.map(({ points: own }) => toY(own.at(-1)?.[1] ?? range[0])));
  const drawn = all.flatMap(({ name, points: own }, i) => [
    `<polyline class="line c${i}" points="${own.map(([x, y]) => `${toX(x)},${toY(y)}`).join(' ')}"/>`,
    ...own.map(([x, y]) => `<circle class="c${i}" cx="${toX(x)}" cy="${toY(y)}" r="3"/>`),
    ...named(box.x + box.width + 14, ends[i] ?? 0, name, i),
  ]);
  return [text(box.x, box.y - 14, title, 'start', 'title'), ...grid, ...feet, ...drawn];
}

/** Pairs of bars, with the shares that they stand for. */
export function bars(
  box: Box,
  title: string,
  legend: readonly [string, string],
  rows: readonly { readonly name: string; readonly shares: readonly [number, number] }[],
): string[] {
  const most = Math.max(...rows.flatMap(({ shares }) => shares));
  const step = box.height / rows.length;
  const drawn = rows.flatMap(({ name, shares }, row) => {
    const y = round(box.y + row * step);
    return [
      text(box.x - 8, y + 18, name, 'end'),
      ...shares.flatMap((share, i) => {
        const width = round((share / most) * box.width);
        return [
          `<rect class="bar c${i}" x="${box.x}" y="${y + 2 + i * 13}" width="${Math.max(1, width)}" height="11"/>`,
          text(box.x + width + 6, y + 12 + i * 13, `${(share * 100).toFixed(1)} %`, 'start'),
        ];
      }),
    ];
  });
  const names = legend.flatMap((name, i) => named(box.x + 5, box.y - 32 + i * 18, name, i));
  return [text(box.x, box.y - 52, title, 'start', 'title'), ...names, ...drawn];
}

function text(x: number, y: number, words: string, anchor: string, kind = ''): string {
  const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"`;
  return `<text ${place}${kind && ` class="${kind}"`}>${words}</text>`;
}

/** A name beside the colour that it goes by. */
function named(x: number, y: number, name: string, colour: number): string[] {
  return [
    `<circle class="c${colour}" cx="${round(x)}" cy="${round(y)}" r="5"/>`,
    text(x + 10, y + 4, name, 'start'),
  ];
}

function scale(
  [least, most]: readonly [number, number],
  [from, to]: readonly [number, number],
): (value: number) => number {
  return (value) => round(from + (Math.log(value / least) / Math.log(most / least)) * (to - from));
}

/** 1, 2, 5, 10, 20 … within a range. */
function steps([least, most]: readonly [number, number]): number[] {
  const all: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(least)); power <= most; power *= 10)
    all.push(...[1, 2, 5].map((digit) => digit * power).filter((value) => value >= least && value <= most));
  return all;
}

/** Heights of labels, moved so that none covers another. */
function apart(wanted: readonly number[]): number[] {
  const placed = [...wanted];
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  for (let i = 1; i < order.length; i++) {
    const above = placed[order[i - 1] ?? 0] ?? 0;
    const at = order[i] ?? 0;
    placed[at] = Math.max(placed[at] ?? 0, above + 15);
  }
  return placed;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
