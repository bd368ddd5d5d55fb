import { isIPv4, isIPv6 } from 'node:net';
import { hideRegisteredSecrets, isOwnAddress } from './known-values.ts';

export const REDACTED = '[redacted]';

/** UTF-16 units; what follows in a string is cut, so that one line stays far below Loki's and Fluent Bit's 1 MB. */
export const MAX_TEXT_LENGTH = 8192;

/** A string is cut after it was searched, and this much of its end goes too: half a key at the cut matches no rule. */
const CUT_MARGIN = 512;

interface Rule {
  /** A text without this cannot match: far cheaper to look for than the pattern. */
  readonly needs?: string | RegExp;
  readonly pattern: RegExp;
  readonly replace: (match: string, ...groups: string[]) => string;
}

const whole = () => REDACTED;
const afterFirstGroup = (_match: string, kept: string) => `${kept}${REDACTED}`;
const address = (isAddress: (text: string) => boolean) => (match: string) => {
  const bare = match.replace(/\.+$/, '');
  return isAddress(bare) && !isOwnAddress(bare) ? `[ip]${match.slice(bare.length)}` : match;
};

/** The words before a value that is a secret. */
const SECRET_NAME =
  'api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|token|secret|passw(?:or)?d|passphrase|pwd|authorization|signature';
const SECRET_PARAMETER = '[?&](?:key|sig|auth)';
const NAMED_SECRET = new RegExp(`${SECRET_NAME}|${SECRET_PARAMETER}`, 'i');

/**
 * In this order: a URL's user information would else be read as an e-mail address.
 * A viewer's words run through these patterns, so each is bounded or anchored by a look-behind: linear in the text's length.
 */
const RULES: readonly Rule[] = [
  {
    needs: '-----BEGIN',
    pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
    replace: whole,
  },
  // Keys with a known beginning: OpenAI and its like, GitHub, GitLab, Slack, Hugging Face, Google, AWS, JSON Web Tokens, VRChat.
  {
    pattern:
      /(?<![A-Za-z0-9])(?:(?:sk|pk|rk|gsk|hf|xai|r8|nvapi|pplx|tvly|gh[opsu]|github_pat|glpat|xox[abeprs]|whsec|authcookie)[-_][A-Za-z0-9_-]{8,}|AIza[A-Za-z0-9_-]{20,}|AKIA[A-Z0-9]{12,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,})/g,
    replace: whole,
  },
  { needs: 'earer', pattern: /\b([Bb]earer\s{1,4})[A-Za-z0-9._~+/=-]{6,}/g, replace: afterFirstGroup },
  {
    needs: 'Basic',
    pattern: /\b(Basic\s{1,4})(?=[A-Za-z+/]{0,200}(?:[\d=+/]|[a-z][A-Z]))[A-Za-z0-9+/]{6,}={0,2}/g,
    replace: afterFirstGroup,
  },
  // Where notices and chats go: Discord webhooks, Telegram bots, Twitch.
  { needs: '/api/webhooks/', pattern: /(\/api\/webhooks\/\d{5,25}\/)[\w-]{16,}/g, replace: afterFirstGroup },
  { needs: 'bot', pattern: /\b(bot\d{6,12}:)[\w-]{20,}/g, replace: afterFirstGroup },
  { needs: 'oauth:', pattern: /\b(oauth:)[a-z0-9]{16,}/g, replace: afterFirstGroup },
  {
    needs: '@',
    pattern: /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/]{1,256}@/gi,
    replace: (_m, scheme) => `${scheme}${REDACTED}@`,
  },
  // name=value and "name": "value", in query strings and in bodies that were quoted.
  {
    needs: NAMED_SECRET,
    pattern: new RegExp(
      String.raw`((?:(?<![\w-])[\w-]{0,40}?(?:${SECRET_NAME})|${SECRET_PARAMETER})["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"'&,;)}\]#]{2,}`,
      'gi',
    ),
    replace: afterFirstGroup,
  },
  { needs: '@', pattern: /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, replace: () => '[email]' },
  { needs: ':', pattern: /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,8}[0-9a-f.]{0,16}/gi, replace: address(isIPv6) },
  { needs: '.', pattern: /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g, replace: address(isIPv4) },
];

/** Most strings hold nothing of all this; one cheap search says so before the rules run. */
const SUSPECT =
  /@|:\/\/|:[0-9a-f]{0,4}:|\d\.\d{1,3}\.\d|(?:sk|pk|rk|hf|xai|r8|nvapi|pplx|tvly|gh[opsu]|pat|xox.|whsec|cookie)[-_]|AIza|AKIA|eyJ|earer|Basic|-----BEGIN|webhooks|bot\d|oauth:|[?&](?:key|sig|auth)|api[_-]?key|access[_-]?key|private[_-]?key|token|secret|passw|passphrase|pwd|authorization|signature/i;

function isWorthSearching(text: string, needs: Rule['needs']): boolean {
  if (needs === undefined) return true;
  return typeof needs === 'string' ? text.includes(needs) : needs.test(text);
}

/** Without keys, passwords, tokens, registered secrets, e-mail addresses and addresses of others; at most about 8 KiB. */
export function redactText(text: string): string {
  const cut = text.length > MAX_TEXT_LENGTH + CUT_MARGIN;
  let shown = hideRegisteredSecrets(cut ? text.slice(0, MAX_TEXT_LENGTH + CUT_MARGIN) : text, REDACTED);
  if (SUSPECT.test(shown)) {
    for (const { needs, pattern, replace } of RULES) {
      if (isWorthSearching(shown, needs)) shown = shown.replace(pattern, replace);
    }
  }
  return cut ? `${shown.slice(0, -CUT_MARGIN)}[cut: ${text.length} characters]` : shown;
}
