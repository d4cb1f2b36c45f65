import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconMenu2 } from '@tabler/icons-react';
import { Suspense, useEffect } from 'react';
import { Outlet, useLocation, useMatch, useParams } from 'react-router';
import { useModel } from '@/api/application-model';
import { useTexts } from '@/lib/i18n/text';
import { PreviewBanner } from './preview-banner';
import { Sidebar } from './sidebar';
import styles from './shell.module.css';

function TopBar({ title, onOpen }: { title: string; onOpen(): void }) {
  const t = useTexts();
  return (
    <header className={styles.topBar}>
      <ActionIcon size="lg" aria-label={t('shell.openNavigation')} onClick={onOpen}>
        <IconMenu2 size={20} stroke={1.7} />
      </ActionIcon>
      <span className={styles.topTitle}>{title}</span>
    </header>
  );
}

/** Navigation beside the page; behind a button where there is no room beside it. */
export function Shell() {
  const t = useTexts();
  const model = useModel();
  const { app: name } = useParams();
  const { pathname, search } = useLocation();
  const narrow = useMediaQuery('(max-width: 60rem)', undefined, { getInitialValueInEffect: false });
  const [opened, drawer] = useDisclosure(false);
  const isAdministration = useMatch('/administration/*') !== null;
  const app = isAdministration ? undefined : (model.app(name) ?? model.source.apps[0]);
  const title = isAdministration ? t('admin.title') : (app?.label ?? t('app.name'));
  const sidebar = <Sidebar app={app} title={title} isAdministration={isAdministration} />;
  const { close } = drawer;
  useEffect(close, [close, pathname, search]);

  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t('app.skip')}
      </a>
      <PreviewBanner />
      <div className={styles.shell}>
        {narrow ? (
          <>
            <TopBar title={title} onOpen={drawer.open} />
            <Drawer.Root opened={opened} onClose={close} size={280} padding={0} classNames={{ content: styles.drawer, body: styles.drawerBody }}>
              <Drawer.Overlay backgroundOpacity={0.4} />
              <Drawer.Content aria-label={t('shell.navigation')}>
                <Drawer.Body>
                  {sidebar}
                </Drawer.Body>
              </Drawer.Content>
            </Drawer.Root>
          </>
        ) : (
          sidebar
        )}
        <main id="content" className={styles.content} tabIndex={-1}>
          <Suspense>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
  );
}
