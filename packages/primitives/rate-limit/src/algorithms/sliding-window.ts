import {
  countWindow,
  refundWindow,
  slideWindow,
  usedOfWindow,
  type WindowCounter,
  waitForWindow,
  windowEnd,
} from '../sliding-window.js';
import type { LimitAlgorithm } from './algorithm.js';

/**
 * Counts the window under way, and the one before in proportion to its overlap with the last window's length, rounded down: the default.
 * A stretch of one window's length holds fewer than twice `limit`, and never more than one at a limit of 1.
 */
export const slidingWindow: LimitAlgorithm<WindowCounter> = {
  name: 'sliding-window',
  empty: (now) => ({ start: now, previous: 0, current: 0 }),
  advance: (counter, { windowMs }, now) => slideWindow(counter, windowMs, now),
  used: (counter, { windowMs }, now) => usedOfWindow(counter, windowMs, now),
  waitUntil: (counter, { windowMs }, now, most) => waitForWindow(counter, windowMs, now, most),
  add: (counter, _bounds, cost) => countWindow(counter, cost),
  giveBack: (counter, { windowMs }, cost, at) => refundWindow(counter, windowMs, cost, at),
  end: (counter, { windowMs }) => windowEnd(counter, windowMs),
};
