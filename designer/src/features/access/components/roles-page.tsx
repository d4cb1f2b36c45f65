import { Button, Select, Switch, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { failureText } from '@/api/failure-text';
import { packageNamesQuery } from '@/api/packages';
import { depths } from '@/lib/depths';
import { useTexts } from '@/lib/i18n/text';
import { Bone } from '@/ui/bone';
import { DepthMark } from '@/ui/depth-mark';
import { LeaveDialog } from '@/ui/leave-dialog';
import { Message } from '@/ui/message';
import { useNarrow } from '@/ui/narrow';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import { useLeaveGuard } from '@/ui/use-leave-guard';
import { rolesQuery, type GrantedEntity, type RoleFile, type RoleOverview } from '../api/roles';
import { cellOf, entitiesOf, others, type RoleEntities } from '../hooks/rights';
import { useRoleDrafts, type RoleDrafts } from '../hooks/use-role-drafts';
import { NewRoleDialog } from './new-role-dialog';
import { PreviewDialog } from './preview-dialog';
import { RoleList } from './role-list';
import { RoleMatrix } from './role-matrix';
import styles from './roles.module.css';

function Legend() {
  const t = useTexts();
  return (
    <ul className={styles.legend} aria-label={t('roles.legend')}>
      {depths.map((depth) => (
        <li key={depth}>
          <DepthMark depth={depth} size={16} />
          {t(`access.depth.${depth}`)}
        </li>
      ))}
    </ul>
  );
}

/** Kinds of record that are called alike are told apart by their names. */
function toldApart(entities: readonly GrantedEntity[]): GrantedEntity[] {
  const isAlone = ({ label, name }: GrantedEntity) => !entities.some((other) => other.label === label && other.name !== name);
  return entities.map((entity) => (isAlone(entity) ? entity : { ...entity, label: `${entity.label} (${entity.name})` }));
}

/** The rows that fit the search; with `onlyGranted` those of which the role, or the other one, grants something. */
function rowsOf({ entities, operations }: RoleOverview, all: GrantedEntity, search: string, shown: RoleEntities[] | null): GrantedEntity[] {
  const wanted = search.trim().toLowerCase();
  const isGranted = (entity: GrantedEntity) => shown === null || shown.some((role) => operations.some((operation) => cellOf(role, entity.name, operation).depth !== 'none' || cellOf(role, entity.name, operation).withReports));
  return [all, ...toldApart(entities)].filter((entity) => (entity.label.toLowerCase().includes(wanted) || entity.name.includes(wanted)) && isGranted(entity));
}

function DraftBar({ role, drafts }: { role: RoleFile; drafts: RoleDrafts }) {
  const t = useTexts();
  const count = drafts.editsOf(role).length;
  return (
    <>
      {drafts.problems.length > 0 && count > 0 ? (
        <ul className={styles.problems} role="alert">
          {drafts.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      ) : null}
      <div className={styles.draft} data-empty={count === 0 || undefined}>
        <span role="status">{count > 0 ? t(count === 1 ? 'roles.edits.one' : 'roles.edits.other', { count }) : ''}</span>
        {count > 0 ? (
          <>
            <Button variant="default" disabled={drafts.isPublishing} onClick={() => drafts.discard(role)}>
              {t('roles.discard')}
            </Button>
            <Button loading={drafts.isPublishing} onClick={() => drafts.publish(role)}>
              {t('rule.save')}
            </Button>
          </>
        ) : null}
      </div>
    </>
  );
}

function RoleView({ overview, role, drafts }: { overview: RoleOverview; role: RoleFile; drafts: RoleDrafts }) {
  const t = useTexts();
  const [search, setSearch] = useState('');
  const [onlyGranted, setOnlyGranted] = useState(false);
  const [otherName, setOtherName] = useState<string | null>(null);
  const other = overview.roles.find((each) => each.name === otherName && each.name !== role.name);
  const entities = drafts.entitiesOf(role);
  const compared = other && drafts.entitiesOf(other);
  const all: GrantedEntity = { name: others, label: t('roles.others'), isOwned: true, operations: overview.operations };
  const rows = rowsOf(overview, all, search, onlyGranted ? [entities, ...(compared ? [compared] : [])] : null);
  return (
    <section className={styles.view} aria-label={role.label}>
      <div className={styles.head}>
        <h2 className={styles.roleName}>{role.label}</h2>
        <p className={styles.hint}>{[role.description, t('roles.package', { name: role.package })].filter(Boolean).join(' · ')}</p>
      </div>
      <div className={styles.tools}>
        <TextInput type="search" aria-label={t('roles.search')} placeholder={t('roles.search')} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <Select aria-label={t('roles.compare')} placeholder={t('roles.compare')} clearable clearButtonProps={{ 'aria-label': t('roles.compare.clear'), style: { minWidth: 24, minHeight: 24 } }} data={overview.roles.filter((each) => each.name !== role.name).map(({ name, label }) => ({ value: name, label }))} value={other?.name ?? null} onChange={setOtherName} />
        <Switch label={t('roles.onlyGranted')} checked={onlyGranted} onChange={(event) => setOnlyGranted(event.currentTarget.checked)} />
      </div>
      <Legend />
      {rows.length === 0 ? (
        <Message icon="search" title={t('roles.nothing')} />
      ) : (
        <RoleMatrix label={t('roles.matrix', { name: role.label })} operations={overview.operations} rows={rows} entities={entities} compared={compared} edits={drafts.editsOf(role)} onEdit={(edit) => drafts.edit(role, edit)} />
      )}
      <DraftBar role={role} drafts={drafts} />
    </section>
  );
}

/** What each role grants, at a glance; changed here, and published with its package. */
export function RolesPage() {
  const t = useTexts();
  const narrow = useNarrow();
  const api = useApi();
  const { version } = useModel().source;
  const query = useQuery(rolesQuery(api, version));
  const packages = useQuery(packageNamesQuery(api, version));
  const [params, setParams] = useSearchParams();
  const [seeing, setSeeing] = useState(false);
  const [creating, setCreating] = useState(false);
  const drafts = useRoleDrafts();
  const guard = useLeaveGuard(drafts.isDirty);
  usePageTitle(t('roles.title'));
  const roles = query.data?.roles ?? [];
  const role = roles.find((each) => each.name === params.get('role')) ?? roles[0];
  const choose = (name: string) => setParams({ role: name }, { replace: true });
  return (
    <>
      <PageHeader
        actions={
          <>
            {role ? (
              <Button variant="default" onClick={() => setSeeing(true)}>
                {t('preview.open')}
              </Button>
            ) : null}
            <Button disabled={!packages.data?.length || !query.data} leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
              {t('roles.new')}
            </Button>
          </>
        }
      >
        <h1 className={styles.title}>{t('roles.title')}</h1>
      </PageHeader>
      {query.isError && !query.data ? (
        <Message icon="alert" title={t('list.failed')} text={failureText(t, query.error)} action={{ label: t('common.retry'), onClick: () => void query.refetch() }} />
      ) : !query.data ? (
        <div className={styles.bones}>
          <Bone width="60%" />
        </div>
      ) : !role ? (
        <Message icon="empty" title={t('roles.none')} text={t('roles.none.text')} />
      ) : (
        <div className={styles.split}>
          {narrow ? (
            <Select className={styles.picker ?? ''} label={t('roles.role')} allowDeselect={false} data={roles.map(({ name, label }) => ({ value: name, label }))} value={role.name} onChange={(name) => name && choose(name)} />
          ) : (
            <RoleList roles={roles} chosen={role} isChanged={(each) => drafts.editsOf(each).length > 0} grantedOf={(each) => Object.keys(entitiesOf(each.text)).length} onChoose={choose} />
          )}
          <RoleView key={role.name} overview={query.data} role={role} drafts={drafts} />
        </div>
      )}
      {creating ? <NewRoleDialog roles={roles} packages={packages.data ?? []} onClose={() => setCreating(false)} onCreated={choose} /> : null}
      {seeing && role ? <PreviewDialog role={role.name} onClose={() => setSeeing(false)} /> : null}
      <LeaveDialog guard={guard} text={t('roles.leave')} />
    </>
  );
}
