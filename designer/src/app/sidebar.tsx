import type { ReactNode } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { useModel } from '@/api/application-model';
import type { App, NavigationItem } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { listPath } from '@/lib/paths';
import { Icon } from '@/ui/icon';
import { AdministrationNavigation } from './administration-navigation';
import { AppSwitcher } from './app-switcher';
import styles from './sidebar.module.css';
import { UserMenu } from './user-menu';

/** Which entry is the current one: that of the shown view, else the first of the entity. */
function useCurrentItem(items: NavigationItem[]): NavigationItem | undefined {
  const model = useModel();
  const { plural } = useParams();
  const view = new URLSearchParams(useLocation().search).get('view');
  const entity = model.byPlural(plural);
  const same = items.filter((item) => item.entity === entity?.name);
  return same.find((item) => item.view && item.view === view) ?? same.find((item) => !item.view) ?? same[0];
}

function Item({ app, item, current }: { app: App; item: NavigationItem; current: boolean }) {
  const entity = useModel().entity(item.entity);
  if (!entity) return null;
  return (
    <li>
      <Link to={listPath(app.name, entity.plural, item.view)} className={styles.item ?? ''} aria-current={current ? 'page' : undefined}>
        <Icon name={entity.icon} size={17} />
        <span className={styles.itemLabel}>{item.label || entity.pluralLabel}</span>
      </Link>
    </li>
  );
}

function AppNavigation({ app }: { app: App | undefined }) {
  const current = useCurrentItem(app?.navigation.flatMap((group) => group.items) ?? []);
  return (
    <>
      {app?.navigation.map((group, index) => (
        <section key={group.label ?? index} className={styles.group}>
          {group.label ? <h2 className={styles.heading}>{group.label}</h2> : null}
          <ul className={styles.list}>
            {group.items.map((item) => (
              <Item key={`${item.entity}:${item.view ?? ''}`} app={app} item={item} current={item === current} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

interface SidebarProps {
  /** Absent on the pages for administrators. */
  app: App | undefined;
  title: string;
  isAdministration: boolean;
  /** The way to the search, where it is not elsewhere. */
  search: ReactNode;
}

/** App, navigation of the app, and the signed-in person. */
export function Sidebar({ app, title, isAdministration, search }: SidebarProps) {
  const t = useTexts();
  return (
    <div className={styles.sidebar}>
      <AppSwitcher current={app} title={title} />
      {search}
      <nav className={styles.navigation} aria-label={t('shell.navigation')}>
        {isAdministration ? <AdministrationNavigation /> : <AppNavigation app={app} />}
      </nav>
      <UserMenu />
    </div>
  );
}
