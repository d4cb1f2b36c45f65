import type { TextKey } from '@/lib/i18n/text';
import type { Rule } from '../api/rules';

/** How a rule does. */
export type Health = 'off' | 'failing' | 'slow' | 'healthy' | 'unused';

/** Word and colour of each. */
export const healths: Record<Health, { label: TextKey; color: string }> = {
  off: { label: 'admin.rule.health.off', color: 'gray' },
  failing: { label: 'admin.rule.health.failing', color: 'red' },
  slow: { label: 'admin.rule.health.slow', color: 'yellow' },
  healthy: { label: 'admin.rule.health.healthy', color: 'green' },
  unused: { label: 'admin.rule.health.unused', color: 'gray' },
};

/** What an administrator has to look at comes first. */
const order: Health[] = ['failing', 'slow', 'off', 'healthy', 'unused'];

/** One run in twenty is slow: more than a machine that was busy for a moment. */
const slowShare = 0.05;

/** How a rule does. */
export function healthOf(rule: Rule): Health {
  if (rule.off) return 'off';
  if (rule.failures > 0) return 'failing';
  if (rule.runs === 0) return 'unused';
  return rule.slow / rule.runs > slowShare ? 'slow' : 'healthy';
}

/** The rules, those that need attention first. */
export function byHealth(rules: readonly Rule[]): Rule[] {
  return rules.toSorted((one, other) => order.indexOf(healthOf(one)) - order.indexOf(healthOf(other)) || other.failures - one.failures || other.runs - one.runs);
}
