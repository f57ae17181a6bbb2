import type { Redactor } from './redactor.js';

/** What is used of a processor of log records of OpenTelemetry's SDK. */
export interface LogRecordProcessorLike<R extends object, C> {
  onEmit(record: R, context?: C): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/**
 * A processor of log records that gives `next` each record with the secrets in its body and its attributes hidden; the record itself,
 * which other processors have as well, stays as it is.
 *
 * @example
 * ```ts
 * new LoggerProvider({ processors: [redactedLogRecords(createRedactor(), new BatchLogRecordProcessor(exporter))] });
 * ```
 */
export function redactedLogRecords<R extends { readonly attributes: object; readonly body?: unknown }, C>(
  redactor: Pick<Redactor, 'redact'>,
  next: LogRecordProcessorLike<R, C>,
): LogRecordProcessorLike<R, C> {
  return {
    onEmit(record, context) {
      const shown = (value: unknown) => ({ value: redactor.redact(value), writable: true, enumerable: true });
      // Attributes are copied, so that what isn't their own never shows.
      const hidden = { body: shown(record.body), attributes: shown({ ...record.attributes }) };
      next.onEmit(Object.create(record, hidden) as R, context); // the record, but for these two
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}
