import * as v from 'valibot';

/** What is wrong with a text; made once, so that refusing costs no more than looking. */
// A class, for once: an instance of it can't be taken for anything that a text can become.
export class Wrong {
  readonly kind = 'validation';
  readonly type: string;
  readonly requirement: number | undefined;
  readonly reference: typeof wrong;
  readonly expects = null;
  readonly async = false;
  readonly message: string | undefined;

  constructor(type: string, requirement?: number, message?: string) {
    this.type = type;
    this.requirement = requirement;
    this.reference = wrong;
    this.message = message;
  }
}

/** A finding by its code; a bound is told with it. */
export function wrong(code: 'min_length' | 'max_length' | 'min_value' | 'max_value', bound?: number): Wrong {
  return new Wrong(code, bound);
}

export const formatWrong: Wrong = new Wrong('format');
/** For what is well written and yet none of what is offered. */
export const notOffered: Wrong = new Wrong('check', undefined, 'invalid');

/** What valibot's schemas hand on while they run; its types are those of what it becomes. */
export interface Dataset {
  value: unknown;
  typed?: boolean;
  issues?: [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]];
}

/**
 * A valibot schema that reads a text in one step: `read` gives what it means, or what is wrong with it. Valibot's own way, a pipe of
 * small steps, looks at every text several times and costs as much again for each step.
 */
export function textSchema<T>(read: (text: string) => T | Wrong): v.GenericSchema<string, T> {
  const schema = v.string();
  const refuseType = schema['~run'];
  const run = function (
    this: typeof schema,
    dataset: Dataset,
    config: v.Config<v.BaseIssue<unknown>>,
  ): Dataset {
    const { value } = dataset;
    if (typeof value !== 'string') return refuseType.call(this, dataset as never, config as never) as Dataset;
    const result = read(value);
    if (result instanceof Wrong) {
      // not the text itself, which may be long and is nobody's to repeat
      v._addIssue(result as never, 'text', dataset as never, config, { received: 'text' });
      dataset.typed = false;
    } else {
      dataset.typed = true;
      dataset.value = result;
    }
    return dataset;
  };
  // put into valibot's own object, whose `~standard` calls `~run` on it; what it gives is what `read` gives
  return Object.assign(schema, { '~run': run }) as unknown as v.GenericSchema<string, T>;
}
