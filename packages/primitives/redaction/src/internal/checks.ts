/** Whether digits are a payment card's number: an issuer's range, a length, and the check digit (ISO/IEC 7812). */
export function isCardNumber(digits: string): boolean {
  if (!issuer.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits.at(-1 - i)) << (i % 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

// Visa; Mastercard; American Express; Diners and JCB; Maestro, Discover, UnionPay, RuPay. Milliseconds since 1970 begin with 1.
const issuer =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11,16}|35\d{14,17}|(?:5[06-8]|6\d)\d{10,17})$/;

/** Whether a text is a bank account's number by its check digits (ISO 13616, ISO/IEC 7064 MOD 97-10). */
export function isIban(text: string): boolean {
  let rest = 0;
  for (const char of text.slice(4) + text.slice(0, 4)) {
    for (const digit of String(Number.parseInt(char, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}
