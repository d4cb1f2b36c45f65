import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconBuilding, IconCheck, IconSelector } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { myOrganisationsQuery, useSwitchOrganisation } from '@/api/organisations';
import type { App } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { colorOf } from '@/ui/color';
import { Icon } from '@/ui/icon';
import { Logo } from '@/ui/logo';
import styles from './sidebar.module.css';

function AppTile({ app }: { app: App | undefined }) {
  if (!app?.icon) return <Logo size={24} />;
  return (
    <span className={styles.tile} style={{ background: `color-mix(in oklab, ${colorOf(app.color ?? 'indigo')} 88%, black)` }}>
      <Icon name={app.icon} size={15} />
    </span>
  );
}

/** The organisations of the signed-in person, where there are several. */
function Organisations() {
  const t = useTexts();
  const mine = useQuery(myOrganisationsQuery(useApi())).data;
  const go = useSwitchOrganisation();
  if (!mine || mine.organisations.length < 2) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>{t('organisation.organisations')}</Menu.Label>
      {mine.organisations.map(({ name, displayName, state }) => (
        <Menu.Item
          key={name}
          disabled={go.isPending || (state !== 'active' && name !== mine.present)}
          leftSection={<IconBuilding size={15} stroke={1.7} aria-hidden />}
          rightSection={name === mine.present ? <IconCheck size={15} aria-label={t('organisation.present')} /> : null}
          onClick={() => (name === mine.present ? undefined : go.mutate(name))}
        >
          {displayName}
        </Menu.Item>
      ))}
    </>
  );
}

/** Name of the organisation in force, for those who have several. */
function usePresent(): string | null {
  const mine = useQuery(myOrganisationsQuery(useApi())).data;
  return (mine && mine.organisations.length > 1 && mine.organisations.find(({ name }) => name === mine.present)?.displayName) || null;
}

/** The current app, or what is shown in place of one; opens the list of the others. */
export function AppSwitcher({ current, title }: { current: App | undefined; title: string }) {
  const t = useTexts();
  const { apps } = useModel().source;
  const navigate = useNavigate();
  const organisation = usePresent();
  return (
    <Menu width={264}>
      <Menu.Target>
        <button type="button" className={styles.button} style={{ minHeight: '2.375rem' }} aria-label={`${t('shell.apps')}: ${title}${organisation ? ` ${organisation}` : ''}`}>
          <AppTile app={current} />
          <span className={styles.appLabel}>
            {title}{' '}
            {organisation ? <span className={styles.organisation}>{organisation}</span> : null}
          </span>
          <IconSelector size={15} color="var(--x-faint)" aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('shell.apps')}</Menu.Label>
        {apps.map((app) => (
          <Menu.Item
            key={app.name}
            leftSection={<AppTile app={app} />}
            rightSection={app === current ? <IconCheck size={15} aria-hidden /> : null}
            onClick={() => void navigate(`/${app.name}`)}
          >
            {app.label}
          </Menu.Item>
        ))}
        <Organisations />
      </Menu.Dropdown>
    </Menu>
  );
}
