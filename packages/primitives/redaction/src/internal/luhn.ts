/** Whether digits are a payment card's number: an issuer's range, a length, and the check digit (ISO/IEC 7812). */
export function isCardNumber(digits: string): boolean {
  if (digits.length < 12 || digits.length > 19 || !issuer.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

// Visa; Mastercard; American Express; Diners and JCB; Maestro, Discover, UnionPay, RuPay. Milliseconds since 1970 begin with 1.
const issuer =
  /^(?:4(?:\d{12}|\d{15}|\d{18})$|(?:5[1-5]|2[2-7])\d{14}$|3[47]\d{13}$|3(?:0[0-5]|[68]\d)\d{11,16}$|35\d{14,17}$|(?:5[06-8]|6\d)\d{10,17}$)/;
