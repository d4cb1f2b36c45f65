import { Menu } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useModel } from '@/api/application-model';
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

/** The current app, or what is shown in place of one; opens the list of the others. */
export function AppSwitcher({ current, title }: { current: App | undefined; title: string }) {
  const t = useTexts();
  const { apps } = useModel().source;
  const navigate = useNavigate();
  return (
    <Menu width={264}>
      <Menu.Target>
        <button type="button" className={styles.button} style={{ minHeight: '2.375rem' }} aria-label={`${t('shell.apps')}: ${title}`}>
          <AppTile app={current} />
          <span className={styles.appLabel}>{title}</span>
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
      </Menu.Dropdown>
    </Menu>
  );
}
