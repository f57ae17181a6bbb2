import { readSettings } from './settings.js';
import { takeTour } from './tour.js';

const settings = readSettings(process.argv.slice(2), process.env);
if ('problem' in settings) {
  console.error(settings.problem);
  process.exitCode = 64;
} else {
  process.exitCode = await takeTour({
    ...settings,
    write: (line) => console.log(line),
    colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
    columns: process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY,
  });
}
