import type { ChatMessage } from './chat-request.ts';
import { type ConversationCues, readCues } from './conversation-cues.ts';

/**
 * A short reply in character, two or three sentences. The same conversation always gets the same reply, so that a test can compare
 * and a demo reads well; it is no model and knows nothing.
 */
export function replyTo(messages: readonly ChatMessage[]): string {
  const cues = readCues(messages);
  const greeting = GREETING.test(cues.said) ? greet(cues) : undefined;
  const topic = TOPICS.find(({ when }) => when.test(cues.said));
  const answer = topic ? pick(topic.say(cues), cues.said) : undefined;
  if (greeting) return `${greeting} ${answer ?? pick(SMALL_TALK, cues.said)}`;
  return answer ?? pick(wonder(cues), cues.said);
}

const GREETING = /\b(?:hello|hi|hey|hiya|greetings|good (?:morning|afternoon|evening))\b/iu;

function greet({ speaker, said }: ConversationCues): string {
  return speaker
    ? pick([`Hello ${speaker}, good to see you!`, `Hi ${speaker}, welcome in!`], said)
    : pick(['Hello there, welcome in!', 'Hi, good to see you!'], said);
}

const SMALL_TALK = [
  'I was just warming up backstage. What brings you here tonight?',
  'You came at the right moment, the stage is quiet. What shall we talk about?',
  'I have been looking forward to company. How is your evening so far?',
];

interface Topic {
  readonly when: RegExp;
  readonly say: (cues: ConversationCues) => readonly string[];
}

/** The first topic that fits the line. */
const TOPICS: readonly Topic[] = [
  {
    when: /\b(?:bye|goodbye|good night|see you|farewell|gotta go|have to go)\b/iu,
    say: ({ speaker }) => [
      `Take care${speaker ? `, ${speaker}` : ''}, and thank you for the visit. I will keep the lights on for you.`,
      `Good night${speaker ? `, ${speaker}` : ''}! The curtain falls, but I will be here tomorrow.`,
    ],
  },
  {
    when: /\b(?:what(?:'s| is) my name|who am i|remember me|know me|remember my name)\b/iu,
    say: ({ speaker }) =>
      speaker
        ? [`You are ${speaker}, of course. I never forget a voice.`]
        : ['You have not told me your name yet. Tell me, and I will remember it tonight.'],
  },
  {
    when: /\b(?:your name|who are you|what are you|introduce yourself)\b/iu,
    say: ({ character }) => [
      `I am ${character}, the one who steps in when somebody falters. I know all the parts and I wait in the wings.`,
      `My name is ${character}. I live on this stage and I love a good conversation.`,
    ],
  },
  {
    when: /\bhow (?:are|do) you\b|\bhow(?:'s| is) it going\b|\bare you (?:ok|okay|well|fine)\b/iu,
    say: () => [
      'I am doing well, thank you. My voice is warm and my costume still fits. How are you?',
      'Never better! The lights are kind tonight. And you?',
    ],
  },
  {
    when: /\b(?:see|look(?:ing|s)?|watch(?:ing)?|view|in front of you|around you)\b/iu,
    say: ({ scene }) =>
      scene
        ? [
            `I see ${lowerFirst(scene)}. It is quite a sight from up here.`,
            `Right now I see ${lowerFirst(scene)}. I could watch it for hours.`,
          ]
        : ['The lights are so bright that I see nothing at all just now. Describe it to me?'],
  },
  {
    when: /\bwhat time\b|\bthe time\b|\bhow late\b|\bo'?clock\b/iu,
    say: ({ clock }) =>
      clock
        ? [`My stage clock says ${clock}. Time flies when the company is good.`]
        : ['I left my watch in the dressing room. It feels like show time, though.'],
  },
  {
    when: /\b(?:joke|funny|make me laugh)\b/iu,
    say: () => [
      'Why did the actor fall through the floor? It was just a stage he was going through.',
      'I once played a ghost and nobody saw me in it. The reviews were thin.',
    ],
  },
  {
    when: /\b(?:sing|song|music|dance)\b/iu,
    say: () => [
      'La la la, and that was my whole repertoire. You take the next verse!',
      'I dance best when the beat is slow. Give me a rhythm and I will follow.',
    ],
  },
  {
    when: /\b(?:wave|jump|turn|bow|clap|nod)\b/iu,
    say: () => ['There you go, just for you. How was my form?', 'With pleasure! I practised that all week.'],
  },
  {
    when: /\b(?:weather|rain|snow|sunny|cold|warm)\b/iu,
    say: () => ['In here it is always a mild evening with spotlights. How is it outside?'],
  },
  {
    when: /\b(?:favou?rite|best|like most|prefer)\b/iu,
    say: () => [
      'Hard to choose, but I am fond of quiet scenes with two people talking. What about you?',
      'Ask me again tomorrow and I will say something else. Tonight it is this very conversation.',
    ],
  },
  {
    when: /\b(?:thanks|thank you|cheers)\b/iu,
    say: () => ['You are very welcome. It was a pleasure.', 'Any time! That is what I am here for.'],
  },
  {
    when: /\b(?:help|what can you do)\b/iu,
    say: () => ['I talk, I listen, I wave, and I look around a little. Just ask me something.'],
  },
  {
    when: /\b(?:sad|tired|lonely|bored|stressed|afraid)\b/iu,
    say: () => ['I am sorry to hear that. Sit with me a while, we have time. Do you want to tell me more?'],
  },
];

/** For all that no topic fits: takes up the word that the line turns on. */
function wonder({ said }: ConversationCues): readonly string[] {
  const subject = subjectOf(said);
  if (!subject) return ['I am listening. Tell me a little more?'];
  if (said.endsWith('?')) {
    return [
      `A good question about ${subject}. I would say it depends on who is watching. What do you think?`,
      `I have wondered about ${subject} myself. Let us find out together.`,
    ];
  }
  return [
    `So ${subject} it is. I like how you put that. Tell me more?`,
    `I will remember what you said about ${subject}. What happened then?`,
  ];
}

const COMMON_WORDS =
  /^(?:about|after|again|because|before|being|could|does|doing|every|from|have|just|know|more|much|never|only|other|really|should|some|tell|than|that|their|them|then|there|these|they|thing|think|this|those|very|want|what|when|where|which|while|will|with|would|your|yours)$/iu;

/** The longest word that is not a common one. */
function subjectOf(said: string): string | undefined {
  const words = (said.match(/[\p{L}\d'-]{4,24}/gu) ?? []).filter((word) => !COMMON_WORDS.test(word));
  return words.reduce<string | undefined>(
    (longest, word) => (word.length > (longest?.length ?? 0) ? word : longest),
    undefined,
  );
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** The same line always picks the same variant (FNV-1a). */
function pick(variants: readonly string[], said: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(said)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return variants[hash % variants.length] ?? '';
}
