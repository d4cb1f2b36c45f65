import { useTexts } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';
import type { UserAccount } from '../api/users';

const colors = { active: 'green', invited: 'blue', locked: 'red', inactive: 'gray' } as const;

/** Whether somebody can sign in. */
export function UserBadge({ state }: { state: UserAccount['state'] }) {
  const t = useTexts();
  return <Badge color={colors[state]} label={t(`identity.state.${state}`)} />;
}
