import { useTexts, type TextKey } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';

const states = {
  waiting: { label: 'admin.state.waiting', color: 'yellow' },
  running: { label: 'admin.state.running', color: 'blue' },
  sent: { label: 'admin.state.sent', color: 'green' },
  done: { label: 'admin.state.done', color: 'green' },
  finished: { label: 'admin.state.done', color: 'green' },
  succeeded: { label: 'admin.state.succeeded', color: 'green' },
  cancelled: { label: 'admin.state.cancelled', color: 'gray' },
  failed: { label: 'admin.state.failed', color: 'red' },
  dead: { label: 'admin.state.dead', color: 'red' },
} satisfies Record<string, { label: TextKey; color: string }>;

/** How far a piece of background work has come. */
export function StateBadge({ state }: { state: keyof typeof states }) {
  const t = useTexts();
  return <Badge color={states[state].color} label={t(states[state].label)} />;
}
