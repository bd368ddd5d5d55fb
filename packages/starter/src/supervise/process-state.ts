/** Where one kept process stands. */
export type ProcessState =
  | { readonly state: 'starting'; readonly pid: number | undefined }
  | { readonly state: 'ready'; readonly pid: number | undefined }
  /** It ended and is started again after `delayMs`. */
  | { readonly state: 'waiting'; readonly delayMs: number; readonly why: string }
  /** It said that starting it again would not help: its configuration is wrong. */
  | { readonly state: 'refused'; readonly why: string }
  | { readonly state: 'stopped' };
