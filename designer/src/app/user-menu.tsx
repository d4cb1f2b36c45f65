import { Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconDots, IconEye, IconListCheck, IconLogout, IconMoon, IconSettings, IconSun, IconUserCircle } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { useModel } from '@/api/application-model';
import { useSignOut } from '@/api/session';
import { useTexts } from '@/lib/i18n/text';
import { accountPath, administrationPath, jobsPath } from '@/lib/paths';
import styles from './sidebar.module.css';

const PreviewDialog = lazy(async () => ({ default: (await import('@/features/access/components/preview-dialog')).PreviewDialog }));

const schemes: { value: MantineColorScheme; icon: typeof IconSun; label: 'shell.theme.light' | 'shell.theme.dark' | 'shell.theme.auto' }[] = [
  { value: 'light', icon: IconSun, label: 'shell.theme.light' },
  { value: 'dark', icon: IconMoon, label: 'shell.theme.dark' },
  { value: 'auto', icon: IconDeviceDesktop, label: 'shell.theme.auto' },
];

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words[words.length - 1] : ''].map((word) => word?.[0] ?? '').join('').toUpperCase();
}

/** The signed-in person: theme, administration for those who may, and leaving. */
export function UserMenu() {
  const t = useTexts();
  const { user } = useModel().source;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const [seeing, setSeeing] = useState(false);
  const name = user.displayName || user.userName;
  return (
    <>
      <Menu position="top-start" width={224}>
        <Menu.Target>
          <button type="button" className={styles.button} style={{ minHeight: '2.375rem' }}>
            <span className={styles.avatar} aria-hidden>{initials(name)}</span>
            <span className={styles.itemLabel}>{name}</span>
            <IconDots size={15} color="var(--x-faint)" aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('shell.theme')}</Menu.Label>
          {schemes.map(({ value, icon: SchemeIcon, label }) => (
            <Menu.Item
              key={value}
              leftSection={<SchemeIcon size={15} stroke={1.7} />}
              rightSection={colorScheme === value ? <IconCheck size={15} aria-hidden /> : null}
              closeMenuOnClick={false}
              onClick={() => setColorScheme(value)}
            >
              {t(label)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item component={Link} to={accountPath} leftSection={<IconUserCircle size={15} stroke={1.7} />}>
            {t('identity.account')}
          </Menu.Item>
          <Menu.Item component={Link} to={jobsPath} leftSection={<IconListCheck size={15} stroke={1.7} />}>
            {t('job.jobs')}
          </Menu.Item>
          {user.isAdministrator ? (
            <Menu.Item component={Link} to={administrationPath('mails')} leftSection={<IconSettings size={15} stroke={1.7} />}>
              {t('admin.title')}
            </Menu.Item>
          ) : null}
          {user.isAdministrator ? (
            <Menu.Item leftSection={<IconEye size={15} stroke={1.7} />} onClick={() => setSeeing(true)}>
              {t('preview.open')}
            </Menu.Item>
          ) : null}
          <Menu.Item leftSection={<IconLogout size={15} stroke={1.7} />} onClick={() => signOut.mutate()}>
            {t('shell.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{seeing ? <PreviewDialog onClose={() => setSeeing(false)} /> : null}</Suspense>
    </>
  );
}
