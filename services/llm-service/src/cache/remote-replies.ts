/** Replies in another process. Every call may fail or be slow; whoever calls bears that. */
export interface RemoteReplies {
  /** One attempt to connect; the client goes on trying by itself. @throws when it is not there now */
  open(): Promise<void>;
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** @returns how many there were */
  clear(): Promise<number>;
  /** @throws when it does not answer now */
  ping(): Promise<void>;
  /** The connection broke, or stands again. */
  onConnection(listener: (connected: boolean) => void): void;
  close(): void;
}
