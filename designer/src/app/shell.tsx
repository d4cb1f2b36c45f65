import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { Suspense, useEffect, type ReactNode } from 'react';
import { Outlet, useLocation, useMatch, useParams } from 'react-router';
import { useModel } from '@/api/application-model';
import { SearchLauncher } from '@/features/search/components/search-launcher';
import { useTexts } from '@/lib/i18n/text';
import { PreviewBanner } from './preview-banner';
import { Sidebar } from './sidebar';
import styles from './shell.module.css';
import { useCommands } from './use-commands';
import { useVisits } from './use-visits';

function TopBar({ title, search, onOpen }: { title: string; search: ReactNode; onOpen(): void }) {
  const t = useTexts();
  return (
    <header className={styles.topBar}>
      <ActionIcon size="lg" aria-label={t('shell.openNavigation')} onClick={onOpen}>
        <IconMenu2 size={20} stroke={1.7} />
      </ActionIcon>
      <span className={styles.topTitle}>{title}</span>
      {search}
    </header>
  );
}

/** Navigation beside the page; behind a button where there is no room beside it. */
export function Shell() {
  const t = useTexts();
  const model = useModel();
  const { app: name } = useParams();
  const { pathname, search: query } = useLocation();
  const narrow = useMediaQuery('(max-width: 60rem)', undefined, { getInitialValueInEffect: false });
  const [opened, drawer] = useDisclosure(false);
  const isAdministration = useMatch('/administration/*') !== null;
  const app = isAdministration ? undefined : (model.app(name) ?? model.source.apps[0]);
  const title = isAdministration ? t('admin.title') : (app?.label ?? t('app.name'));
  const commands = useCommands(app);
  useVisits();
  const search = (
    <SearchLauncher commands={commands} app={app?.name}>
      {(open) =>
        narrow ? (
          <ActionIcon size="lg" aria-label={t('search.title')} onClick={open}>
            <IconSearch size={19} stroke={1.7} />
          </ActionIcon>
        ) : (
          <button type="button" className={styles.search} aria-keyshortcuts="Control+K" onClick={open}>
            <IconSearch size={15} aria-hidden />
            <span>{t('search.open')}</span>
            <kbd aria-hidden>{t('search.keys')}</kbd>
          </button>
        )
      }
    </SearchLauncher>
  );
  const sidebar = <Sidebar app={app} title={title} isAdministration={isAdministration} search={narrow ? null : search} />;
  const { close } = drawer;
  useEffect(close, [close, pathname, query]);

  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t('app.skip')}
      </a>
      <PreviewBanner />
      <div className={styles.shell}>
        {narrow ? (
          <>
            <TopBar title={title} search={search} onOpen={drawer.open} />
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
