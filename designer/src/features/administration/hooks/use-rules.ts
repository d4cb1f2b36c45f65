import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { rulesQuery, switchRule, type Rule } from '../api/rules';

/** The rules with what they did; each can be switched off and on. */
export function useRules() {
  const api = useApi();
  const t = useTexts();
  const queries = useQueryClient();
  const rules = useQuery(rulesQuery(api));
  const mutation = useMutation({
    mutationFn: ({ rule, off, reason }: { rule: Rule; off: boolean; reason: string }) => switchRule(api, rule, off, reason),
    onSuccess: (_answer, { off }) => notifications.show({ message: t(off ? 'admin.rule.switchedOff' : 'admin.rule.switchedOn'), color: 'green' }),
    onError: (error) => notifications.show({ message: failureText(t, error), color: 'red' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['administration', 'rules'] }),
  });
  return { rules, switchRule: mutation.mutateAsync, isSwitching: mutation.isPending };
}
