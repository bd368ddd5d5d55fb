/** What vrchat.expressions knows by default. */
export type Emotion = 'happy' | 'sad' | 'neutral';

/** First match decides: "Sorry, I am so glad you said that" is said with a sorry face. */
const CUES: readonly { readonly emotion: Emotion; readonly pattern: RegExp }[] = [
  {
    emotion: 'sad',
    pattern: /\b(sorry|sad|unfortunately|miss(ed|ing)? you|goodbye|lonely|cry(ing)?|oh no|alas)\b|😢|😭|😞|☹|💔|:\(/iu,
  },
  {
    emotion: 'happy',
    pattern:
      /\b(happy|glad|great|awesome|wonderful|love(ly)?|yay|haha|fun(ny)?|nice|cool|welcome|thank(s| you)|hey|hello|hi|good to see)\b|😀|😃|😄|😁|😊|🥰|😂|❤|🎉|:\)|!$/iu,
  },
];

export const emotionOf = (sentence: string): Emotion =>
  CUES.find(({ pattern }) => pattern.test(sentence.trim()))?.emotion ?? 'neutral';
