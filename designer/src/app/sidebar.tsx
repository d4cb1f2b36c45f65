import { NavLink, useLocation, useParams } from 'react-router';
import { useModel } from '@/api/application-model';
import type { AppModel, NavigationItem } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { listPath } from '@/lib/paths';
import { Icon } from '@/ui/icon';
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

function Item({ app, item, current }: { app: AppModel; item: NavigationItem; current: boolean }) {
  const entity = useModel().entity(item.entity);
  if (!entity) return null;
  return (
    <li>
      <NavLink to={listPath(app.name, entity.plural, item.view)} className={styles.item ?? ''} data-current={current || undefined} aria-current={current ? 'page' : undefined}>
        <Icon name={entity.icon} size={17} />
        <span className={styles.itemLabel}>{item.label || entity.pluralLabel}</span>
      </NavLink>
    </li>
  );
}

/** App, navigation of the app, and the signed-in person. */
export function Sidebar({ app }: { app: AppModel | undefined }) {
  const t = useTexts();
  const current = useCurrentItem(app?.navigation.flatMap((group) => group.items) ?? []);
  return (
    <div className={styles.sidebar}>
      <AppSwitcher current={app} />
      <nav className={styles.navigation} aria-label={t('shell.navigation')}>
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
      </nav>
      <UserMenu />
    </div>
  );
}
