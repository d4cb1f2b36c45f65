import { useMantineColorScheme } from '@mantine/core';
import { useModel } from '@/api/application-model';
import type { App, NavigationItem } from '@/api/model';
import type { ModelIndex } from '@/api/model-index';
import { useSignOut } from '@/api/session';
import type { Command } from '@/features/search/command';
import { useTexts, type Texts } from '@/lib/i18n/text';
import { accountPath, jobsPath, listPath, recordPath } from '@/lib/paths';
import { useAdministrationPages } from './use-administration-pages';

function itemCommand(model: ModelIndex, app: App, item: NavigationItem, isNear: boolean): Command[] {
  const entity = model.entity(item.entity);
  if (!entity) return [];
  const path = listPath(app.name, entity.plural, item.view);
  return [{ key: `go:${path}`, kind: 'go', label: item.label || entity.pluralLabel, beside: app.label, icon: entity.icon, color: entity.color, path, isNear }];
}

/** The views of all kinds of records that are in an app, but for those that the navigation names. */
function viewCommands(model: ModelIndex, current: string | undefined): Command[] {
  return model.source.views.flatMap((view): Command[] => {
    const entity = model.entity(view.entity);
    const app = entity && model.appOf(entity.name, current);
    // The navigation's own entry opens the default view.
    if (!app || entity.isSettings || view.default) return [];
    const path = listPath(app.name, entity.plural, view.name);
    return [{ key: `go:${path}`, kind: 'go', label: view.label, beside: `${entity.pluralLabel} · ${app.label}`, icon: entity.icon, color: entity.color, path }];
  });
}

function createCommands(model: ModelIndex, t: Texts, current: App | undefined): Command[] {
  const isIn = (app: App, name: string) => app.navigation.some((group) => group.items.some((item) => item.entity === name));
  return model.source.entities.flatMap((entity): Command[] => {
    const app = model.appOf(entity.name, current?.name);
    if (!entity.rights.create || entity.isSettings || !app || !isIn(app, entity.name)) return [];
    return [{ key: `new:${entity.name}`, kind: 'create', label: t('search.new', { name: entity.label }), icon: entity.icon, color: entity.color, path: recordPath(app.name, entity.plural, 'new'), isNear: app === current }];
  });
}

/** All that the palette offers besides records. */
export function useCommands(current: App | undefined): () => Command[] {
  const t = useTexts();
  const model = useModel();
  const { setColorScheme } = useMantineColorScheme();
  const { mutate: signOut } = useSignOut();
  const pages = useAdministrationPages();
  return () => {
    const { apps, user } = model.source;
    const items = [...apps].sort((left, right) => Number(right === current) - Number(left === current)).flatMap((app) => app.navigation.flatMap((group) => group.items.flatMap((item) => itemCommand(model, app, item, app === current))));
    const named = new Set(items.map(({ key }) => key));
    const theme = (['light', 'dark', 'auto'] as const).map((scheme): Command => ({ key: `theme:${scheme}`, kind: 'do', label: `${t('shell.theme')}: ${t(`shell.theme.${scheme}`)}`, icon: { light: 'sun', dark: 'moon', auto: 'device-desktop' }[scheme], run: () => setColorScheme(scheme) }));
    const administration = user.isAdministrator ? pages.map(({ path, icon, label }): Command => ({ key: `go:${path}`, kind: 'go', label, beside: t('admin.title'), icon, path })) : [];
    return [
      ...items,
      ...viewCommands(model, current?.name).filter(({ key }) => !named.has(key)),
      ...administration,
      ...createCommands(model, t, current),
      { key: 'go:account', kind: 'go', label: t('identity.account'), icon: 'user', path: accountPath },
      { key: 'go:jobs', kind: 'go', label: t('job.jobs'), icon: 'list-check', path: jobsPath },
      ...theme,
      { key: 'signOut', kind: 'do', label: t('shell.signOut'), icon: 'logout', run: () => signOut() },
    ];
  };
}
