import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { credentialsPath, sessionsQuery } from '@/api/credentials';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';
import { browserName } from './browser-name';
import { CredentialList } from './credential-list';
import styles from './credentials.module.css';

/** Where somebody is signed in, each place with a way to end it. */
export function SessionList({ userId }: { userId?: string | undefined }) {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const query = sessionsQuery(api, userId);
  const sessions = useQuery(query);
  const end = useMutation({
    mutationFn: (id: string | null) => api.call('DELETE', `${credentialsPath(userId)}/sessions${id ? `/${id}` : ''}`),
    onSettled: () => queries.invalidateQueries({ queryKey: query.queryKey }),
  });
  const others = sessions.data?.filter((session) => !session.isPresent) ?? [];
  return (
    <div className={styles.form}>
      <CredentialList
        label={t('identity.sessions')}
        empty={t('identity.sessions.none')}
        entries={sessions.data?.map((session) => ({
          id: session.id,
          name: browserName(session.browser, t('identity.session.unknown')),
          badge: session.isPresent ? <Badge color="green" label={t('identity.session.present')} /> : null,
          details: [session.address, t('identity.session.since', { at: formatDateTime(session.createdAt, t.language) }), t('identity.session.seen', { at: formatDateTime(session.lastSeenAt, t.language) })],
          action: session.isPresent ? undefined : { label: t('identity.session.end'), busy: end.isPending && end.variables === session.id, onClick: () => end.mutate(session.id) },
        }))}
      />
      {others.length > 1 || (userId && others.length > 0) ? (
        <Button variant="default" style={{ alignSelf: 'start' }} loading={end.isPending && end.variables === null} onClick={() => end.mutate(null)}>
          {t(userId ? 'identity.sessions.endAll' : 'identity.sessions.endOthers')}
        </Button>
      ) : null}
    </div>
  );
}
