import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import type { ActionChange, RuleChange, ScheduleChange } from '@/trial/api/trials';
import { scriptTextQuery, type Rule } from '../api/rules';

/** A rule with a script as somebody changes it to try it; nothing of it is published. */
export function useRuleChange(rule: Rule) {
  // What was compiled is not for people to change.
  const isPlain = rule.kind !== 'decision' && rule.kind !== 'form' && rule.file.endsWith('.js');
  const published = useQuery({ ...scriptTextQuery(useApi(), rule.package, rule.file), enabled: isPlain });
  const [script, setScript] = useState<string | null>(null);
  const [when, setWhen] = useState<string | null>(null);
  const isScriptChanged = script !== null && script !== published.data;
  const isWhenChanged = when !== null && when.trim() !== (rule.when ?? '');
  const text = isScriptChanged ? { script } : {};
  const change: RuleChange | ActionChange | ScheduleChange =
    rule.kind === 'action'
      ? { action: rule.name, ...text }
      : rule.kind === 'schedule'
        ? { schedule: rule.name, ...text }
        : { rule: rule.name, ...text, ...(isWhenChanged ? { when: when.trim() } : {}) };
  const reset = () => {
    setScript(null);
    setWhen(null);
  };
  return { change, isChanged: isScriptChanged || isWhenChanged, isPlain, script: script ?? published.data ?? '', when: when ?? rule.when ?? '', setScript, setWhen, reset };
}
