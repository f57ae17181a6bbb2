import { ConfigError, checkOptions } from '@secapi/kernel';
import * as v from 'valibot';
import { formatWrong, textSchema, Wrong, wrong } from '../internal/text-schema.js';
import { strictObject } from '../strict-object.js';

/** The least and the most, as decimal texts in the currency. */
export interface AmountBounds {
  /** @default '0' */
  readonly min?: string;
  /** @default what a whole number of minor units can hold, some 90 million million of a currency with cents */
  readonly max?: string;
}

/** An amount in the smallest unit of its currency: a whole number, never a fraction. */
export interface Money<Currency extends string = string> {
  readonly currency: Currency;
  readonly minor: number;
}

// ISO 4217, by how many decimals their minor unit has
const decimals: Readonly<Record<string, number>> = Object.fromEntries([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
    .split(' ')
    .map((code) => [code, 0]),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3]),
  ...'CLF UYW'.split(' ').map((code) => [code, 4]),
  ...(
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP ' +
    'COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
    'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN ' +
    'NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL ' +
    'THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG'
  )
    .split(' ')
    .map((code) => [code, 2]),
]);

const maxDigits = 16;
const decimalPattern = /^(-?)(0|[1-9][0-9]{0,15})(?:\.([0-9]{1,4}))?$/;
const tooLong = wrong('max_length', maxDigits + 6);
const tooSmall = wrong('min_value');
const tooLarge = wrong('max_value');

export function amount(currency: string, bounds: AmountBounds = {}): v.GenericSchema<string, number> {
  return textSchema(amountOf('amount', currency, bounds));
}

export function money<const Currency extends string>(
  currencies: readonly [Currency, ...Currency[]],
  bounds: AmountBounds = {},
): v.GenericSchema<{ amount: string; currency: string }, Money<Currency>> {
  if (!Array.isArray(currencies) || currencies.length === 0)
    throw new ConfigError('money', 'names no currency', "list those that are taken, like money(['EUR'])");
  const reads = new Map<string, (text: string) => number | Wrong>(
    (currencies as readonly string[]).map((currency) => [currency, amountOf('money', currency, bounds)]),
  );
  return v.pipe(
    strictObject({ amount: v.string(), currency: v.picklist(currencies as readonly Currency[]) }),
    v.rawTransform(({ dataset, addIssue, NEVER }): Money<Currency> => {
      const { amount: text, currency } = dataset.value;
      const minor = reads.get(currency)?.(text) ?? formatWrong;
      if (!(minor instanceof Wrong)) return { currency, minor };
      const item = {
        type: 'object',
        origin: 'value',
        input: dataset.value,
        key: 'amount',
        value: text,
      } as const;
      addIssue({ message: minor.type, path: [item] });
      return NEVER;
    }),
  );
}

function amountOf(option: string, currency: string, bounds: AmountBounds): (text: string) => number | Wrong {
  checkOptions(option, bounds, ['min', 'max']);
  const places = Object.hasOwn(decimals, currency) ? decimals[currency] : undefined;
  if (places === undefined)
    throw new ConfigError(
      option,
      `names '${currency}', which is no currency`,
      "use codes of ISO 4217, like 'EUR'",
    );
  const bound = (name: 'min' | 'max', text: string): number => {
    const value = toMinor(text, places);
    if (typeof value === 'number') return value;
    throw new ConfigError(
      `${option}.${name}`,
      'is not an amount',
      `write it like '12${places ? '.50'.slice(0, places + 1) : ''}'`,
    );
  };
  const min = bound('min', bounds.min ?? '0');
  const max = bounds.max === undefined ? Number.MAX_SAFE_INTEGER : bound('max', bounds.max);
  return function readAmount(text) {
    const minor = toMinor(text, places);
    if (typeof minor !== 'number') return minor;
    if (minor < min) return tooSmall;
    return minor > max ? tooLarge : minor;
  };
}

/** Digits are moved, never multiplied: what comes out is exact. */
function toMinor(text: string, places: number): number | Wrong {
  if (text.length > maxDigits + 6) return tooLong;
  const match = decimalPattern.exec(text);
  if (!match) return formatWrong;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (fraction.length > places) return formatWrong;
  const minor = Number(whole + fraction.padEnd(places, '0'));
  if (!Number.isSafeInteger(minor)) return sign === '' ? tooLarge : tooSmall;
  return sign === '' || minor === 0 ? minor : -minor;
}
