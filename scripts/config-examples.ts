/** What the commented file shows where a default would show nothing: the peers that only the operator can name. */
export const CONFIG_EXAMPLES: Readonly<Record<string, unknown>> = {
  'alert_actions.rules': [{ alert: 'resource_usage', action: 'shed_caches', cooldown_s: 600 }],
  'notifications.quiet_hours': [{ from: '23:00', to: '08:00' }],
  'notifications.on_air': [{ days: ['friday', 'saturday'], from: '20:00', to: '01:00' }],
  'notifications.receivers.telegram.chat_id': 123456789,
  'notifications.receivers.email.to': 'me@example.org',
  'notifications.receivers.email.from': 'understudy@example.org',
  'notifications.receivers.email.smarthost': 'smtp.example.org:587',
  'notifications.receivers.email.username': 'understudy',
  'tracing.endpoint': 'http://127.0.0.1:4318',
  'vrchat.host': '192.168.1.20',
  'vrchat.oscquery_port': 9002,
  'vrchat.osc_folder': '/mnt/vrchat/OSC',
  'vrchat.log_folder': '/mnt/vrchat',
  'llm.budget.tokens_per_hour': 200_000,
  'llm.budget.cost_per_hour': 0.5,
  'llm.moderation.endpoint': { base_url: 'https://api.openai.com/v1', api_key_env: 'OPENAI_API_KEY' },
  'persona.languages': {
    de: { greeting: ['Hey, schön, dass du da bist!'], other: ['Ich höre dich! Mein Kopf ist gerade etwas neblig.'] },
  },
  'audio.pulse.server': 'unix:/run/user/1000/pulse/native',
  'vision.source': { kind: 'mjpeg', url: 'http://192.168.1.30:8080/video' },
  'llm.providers': [
    { name: 'cloud', base_url: 'https://api.openai.com/v1', model: 'gpt-4o-mini', api_key_env: 'OPENAI_API_KEY' },
    { name: 'local', base_url: 'http://127.0.0.1:11434/v1', model: 'llama3.2', max_tokens: 120 },
  ],
  'audio.inputs': [
    { id: 'headset-mic', kind: 'vban', stream: 'HeadsetMic', from: '192.168.1.20' },
    { id: 'desk-mic', kind: 'pulse', source: 'alsa_input.usb-Blue_Microphones_Yeti-00.analog-stereo' },
    { id: 'files', kind: 'wav', folder: 'audio/in' },
  ],
  'audio.outputs': [
    { id: 'headset-out', kind: 'vban', stream: 'HeadsetOut', host: '192.168.1.20', port: 6980 },
    { id: 'speakers', kind: 'pulse', sink: 'alsa_output.pci-0000_00_1f.3.analog-stereo' },
    { id: 'files', kind: 'wav', folder: 'audio/out' },
  ],
  'audio.transcription.providers': [
    { name: 'cloud', base_url: 'https://api.openai.com/v1', model: 'whisper-1', api_key_env: 'OPENAI_API_KEY' },
  ],
  'audio.speech.providers': [
    {
      name: 'cloud',
      base_url: 'https://api.openai.com/v1',
      model: 'tts-1',
      voice: 'nova',
      api_key_file: 'secrets/openai',
    },
  ],
  'http.allowed_hosts': ['stream-pc.local'],
  'http.allowed_origins': ['http://stream-pc.local:3000'],
};
