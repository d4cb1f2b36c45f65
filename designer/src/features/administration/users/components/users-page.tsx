import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import frame from '@/features/administration/components/administration.module.css';
import { WorkTable, type WorkColumn } from '@/features/administration/components/work-table';
import { usersQuery, type UserAccount, type UserList } from '../api/users';
import { NewUserDialog } from './new-user-dialog';
import { UserBadge } from './user-badge';
import { UserPanel } from './user-panel';
import styles from './users.module.css';

function useColumns(roles: UserList['roles'], onOpen: (id: string) => void): WorkColumn<UserAccount>[] {
  const t = useTexts();
  const labelOf = (role: string) => roles.find(({ name }) => name === role)?.label ?? role;
  return [
    {
      label: t('identity.name'),
      cell: (user) => (
        <button type="button" className={styles.name} onClick={() => onOpen(user.id)}>
          {user.displayName}
        </button>
      ),
    },
    { label: t('signIn.userName'), width: 12, cell: (user) => user.userName },
    { label: t('identity.roles'), width: 13, cell: (user) => [...(user.isAdministrator ? [t('identity.administrator')] : []), ...user.roles.map(labelOf)].join(', ') || '–' },
    { label: t('identity.factor'), width: 9.5, cell: (user) => t(user.isService ? 'identity.user.service' : user.hasAuthenticator || user.passkeys > 0 ? 'identity.on' : 'identity.off') },
    { label: t('admin.state'), width: 8, cell: (user) => <UserBadge state={user.state} /> },
    { label: t('identity.lastSignIn'), width: 12, cell: (user) => (user.lastSignInAt ? formatDateTime(user.lastSignInAt, t.language) : '–') },
  ];
}

/** People and service accounts. */
export function UsersPage() {
  const t = useTexts();
  usePageTitle(t('identity.users'));
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 200);
  const list = useQuery(usersQuery(useApi(), asked));
  const [openId, setOpenId] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const columns = useColumns(list.data?.roles ?? [], setOpenId);
  const open = list.data?.users.find((user) => user.id === openId);
  const nothing = list.isError && !list.data ? (
    <Message icon="alert" title={t('list.failed')} text={failureText(t, list.error)} action={{ label: t('common.retry'), onClick: () => void list.refetch() }} />
  ) : list.data?.users.length === 0 ? (
    <Message icon="search" title={t('identity.users.none')} />
  ) : null;
  return (
    <>
      <PageHeader actions={<Button onClick={() => setAdding(true)}>{t('identity.user.new')}</Button>}>
        <h1 className={frame.title}>{t('identity.users')}</h1>
      </PageHeader>
      <div className={styles.tools}>
        <TextInput className={styles.search ?? ''} type="search" aria-label={t('identity.users.search')} placeholder={t('identity.users.search')} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      </div>
      {nothing ?? <WorkTable label={t('identity.users')} rows={list.data?.users} columns={columns} errorOf={() => null} />}
      {open ? <UserPanel key={open.id} user={open} roles={list.data?.roles ?? []} onClose={() => setOpenId(null)} /> : null}
      {adding ? <NewUserDialog roles={list.data?.roles ?? []} onClose={() => setAdding(false)} /> : null}
    </>
  );
}
