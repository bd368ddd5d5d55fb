/** Does one thing once (or a block of calls) and gives what it cost, in the unit of its bench. */
export type Sample = () => number | Promise<number>;

export interface Rounds {
  /** Measured. */
  readonly rounds: number;
  /** Done before, and thrown away: compilation, connections, caches. */
  readonly warmUp: number;
}

/** Takes one sample of each in every round, so that the machine's drift hits all alike. @returns each one's samples, in order */
export async function measureInterleaved<Name extends string>(
  { rounds, warmUp }: Rounds,
  things: Readonly<Record<Name, Sample>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(things) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const name of names) {
      const cost = await things[name]();
      if (round >= 0) samples[name].push(cost);
    }
  }
  return samples;
}
