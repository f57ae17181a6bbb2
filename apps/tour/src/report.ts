/** One line of the tour: what was sent, what came back, and what that says. */
export interface Line {
  readonly kind: 'honest' | 'attack';
  readonly what: string;
  readonly sent: string;
  readonly back: string;
  /** The guard that refused, or for an honest step what it shows. */
  readonly note: string;
  /** What should have come back instead. */
  readonly problem: string | undefined;
}

/** Prints the tour. */
export interface Report {
  opening(url: string): void;
  chapter(title: string): void;
  line(line: Line): void;
  text(text: string): void;
  closing(lines: readonly Line[], requests: number, milliseconds: number): void;
}

/** Where and how it is printed. */
export interface ReportOptions {
  write(line: string): void;
  readonly colour: boolean;
  /** The width of the terminal; where the columns don't fit, each line becomes two. */
  readonly columns: number;
}

const widths = { kind: 6, what: 42, sent: 29, back: 26, note: 24 };
const full = Object.values(widths).reduce((sum, width) => sum + width + 2, 2);

/** Makes the report of a tour. */
export function createReport({ write, colour, columns }: ReportOptions): Report {
  const paint = (code: number) => (text: string) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  const [bold, dim, red, green, yellow] = [paint(1), paint(2), paint(31), paint(32), paint(33)];
  let chapters = 0;

  function line({ kind, what, sent, back, note, problem }: Line): void {
    const mark = problem === undefined ? green('✓') : red('✗');
    const role = (kind === 'attack' ? yellow : dim)(kind.padEnd(widths.kind));
    const answer = problem === undefined ? back : red(back);
    if (columns < full) {
      write(`${mark} ${role}  ${what}`);
      write(`          ${dim(sent)} → ${answer}${note && `  ${dim(note)}`}`);
    } else {
      const cells = [what.padEnd(widths.what), dim(sent.padEnd(widths.sent)), pad(answer, back), dim(note)];
      write(`${mark} ${role}  ${cells.join('  ')}`.trimEnd());
    }
    if (problem !== undefined) write(`          ${red(problem)}`);
  }

  function pad(painted: string, plain: string): string {
    return painted + ' '.repeat(Math.max(0, widths.back - plain.length));
  }

  function closing(lines: readonly Line[], requests: number, milliseconds: number): void {
    const of = (kind: Line['kind']): string => {
      const all = lines.filter((entry) => entry.kind === kind);
      const good = all.filter((entry) => entry.problem === undefined).length;
      return good === all.length ? green(`all ${good}`) : red(`${good} of ${all.length}`);
    };
    write('');
    write(bold('In the end'));
    write(`  honest steps that went through   ${of('honest')}`);
    write(`  attacks that came to nothing     ${of('attack')}`);
    for (const { kind, what, problem } of lines) {
      if (problem !== undefined)
        write(
          red(
            kind === 'attack'
              ? `  A guard gave way: ${what}: ${problem}`
              : `  An honest step failed: ${what}: ${problem}`,
          ),
        );
    }
    write(dim(`  ${requests} requests in ${(milliseconds / 1000).toFixed(1)} s`));
  }

  return {
    line,
    closing,
    text: write,
    opening(url) {
      write(`${bold('A tour of the house')}  ${dim(url)}`);
      write(
        'Two people use the posts service honestly, and beside each step somebody tries what they may not.',
      );
      write('A ✓ beside an attack says that it was stopped as it must be.');
      if (columns < full) return;
      const heads = ['', 'what happens', 'what was sent', 'what came back', 'which guard refused'];
      const [kind, what, sent, back, note] = heads;
      write('');
      write(
        dim(
          `  ${kind?.padEnd(widths.kind)}  ${what?.padEnd(widths.what)}  ${sent?.padEnd(widths.sent)}  ${back?.padEnd(widths.back)}  ${note}`,
        ),
      );
    },
    chapter(title) {
      write('');
      write(bold(`${++chapters}. ${title}`));
    },
  };
}
