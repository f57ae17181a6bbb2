/** What a mail is about. */
export type MailKind = 'verify-email' | 'already-registered' | 'password-reset' | 'password-changed';

/** What a mail can be written from. The registrant's name is left out: anybody could put a message of theirs in it. */
export interface MailFacts {
  readonly kind: MailKind;
  readonly service: string;
  /** To confirm with; absent in mails that only inform. */
  readonly token?: string;
  /** Where to confirm, with the token in it; absent unless `links` is configured. */
  readonly link?: string;
}

/** Writes a mail. Links come from `links`, never from a request. */
export type ComposeMail = (facts: MailFacts) => { readonly subject: string; readonly text: string };

/** The mails as they are unless you write your own: English, plain text, a link where there is one, else the token to be pasted. */
export const defaultMails: ComposeMail = ({ kind, service, token, link }) => {
  const by = link === undefined ? `use this code:\n\n${token}` : `open this link:\n\n${link}`;
  switch (kind) {
    case 'verify-email':
      return {
        subject: `Confirm your address for ${service}`,
        text: `Somebody, probably you, registered at ${service} with this address. To confirm it, ${by}\n\nIf you did not register just now, do nothing: without it there is no account.\n`,
      };
    case 'already-registered':
      return {
        subject: `You already have an account at ${service}`,
        text: `Somebody, probably you, tried to register at ${service} with this address, which has an account. Sign in, or reset your password if you have forgotten it.\n\nIf that was not you, do nothing: your account is unchanged.\n`,
      };
    case 'password-reset':
      return {
        subject: `Reset your password for ${service}`,
        text: `Somebody, probably you, asked to reset your password at ${service}. To choose a new one within 15 minutes, ${by}\n\nIf that was not you, do nothing: your password is unchanged.\n`,
      };
    case 'password-changed':
      return {
        subject: `Your password for ${service} was changed`,
        text: `Your password at ${service} was changed just now, and other sessions were ended. If that was not you, reset your password at once.\n`,
      };
  }
};
