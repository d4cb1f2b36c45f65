import { lazy } from 'react';
import { createBrowserRouter, Navigate, Outlet, useParams, type RouteObject } from 'react-router';
import { useModel } from '@/api/application-model';
import type { App } from '@/api/model';
import { RecordListPage } from '@/features/records/components/record-list-page';
import { useTexts } from '@/lib/i18n/text';
import { accountPath, administrationPath, jobsPath, listPath } from '@/lib/paths';
import { Message } from '@/ui/message';
import { NotFound } from './not-found';
import { RouteError } from './route-error';
import { Shell } from './shell';

// Pages that few visits open come when they are opened; the shell shows nothing in their place meanwhile.
const AuditPage = lazy(async () => ({ default: (await import('@/features/administration/components/audit-page')).AuditPage }));
const AccountPage = lazy(async () => ({ default: (await import('@/features/account/components/account-page')).AccountPage }));
const DeliveriesPage = lazy(async () => ({ default: (await import('@/features/administration/components/deliveries-page')).DeliveriesPage }));
const JobsPage = lazy(async () => ({ default: (await import('@/features/administration/components/jobs-page')).JobsPage }));
const MailsPage = lazy(async () => ({ default: (await import('@/features/administration/components/mails-page')).MailsPage }));
const PackageTestsPage = lazy(async () => ({ default: (await import('@/features/administration/components/package-tests-page')).PackageTestsPage }));
const PersonalDataPage = lazy(async () => ({ default: (await import('@/features/administration/components/personal-data-page')).PersonalDataPage }));
const RulePage = lazy(async () => ({ default: (await import('@/features/administration/components/rule-page')).RulePage }));
const RulesPage = lazy(async () => ({ default: (await import('@/features/administration/components/rules-page')).RulesPage }));
const RolesPage = lazy(async () => ({ default: (await import('@/features/access/components/roles-page')).RolesPage }));
const UnitsPage = lazy(async () => ({ default: (await import('@/features/access/components/units-page')).UnitsPage }));
const UsesPage = lazy(async () => ({ default: (await import('@/features/administration/components/uses-page')).UsesPage }));
const RuleBuilderPage = lazy(async () => ({ default: (await import('@/features/rule-builder/components/rule-builder-page')).RuleBuilderPage }));
const ScriptsPage = lazy(async () => ({ default: (await import('@/features/administration/scripts/components/scripts-page')).ScriptsPage }));
const UsersPage = lazy(async () => ({ default: (await import('@/features/administration/users/components/users-page')).UsersPage }));
const WorkflowRunsPage = lazy(async () => ({ default: (await import('@/features/administration/components/workflow-runs-page')).WorkflowRunsPage }));
const OrganisationsPage = lazy(async () => ({ default: (await import('@/features/administration/organisations/components/organisations-page')).OrganisationsPage }));
const RecordPage = lazy(async () => ({ default: (await import('@/features/records/components/record-page')).RecordPage }));

function useStartPath(app: App | undefined): string | null {
  const model = useModel();
  for (const item of app?.navigation.flatMap((group) => group.items) ?? []) {
    const entity = model.entity(item.entity);
    if (app && entity) return listPath(app.name, entity.plural, item.view);
  }
  return null;
}

function Start() {
  const t = useTexts();
  const model = useModel();
  const { app: name } = useParams();
  const app = name ? model.app(name) : model.source.apps[0];
  const path = useStartPath(app);
  if (path) return <Navigate to={path} replace />;
  if (name && !app) return <NotFound />;
  return <Message icon="empty" title={t('shell.noApps')} text={t('shell.noApps.text')} />;
}

function ForAdministrators() {
  return useModel().source.user.isAdministrator ? <Outlet /> : <NotFound />;
}

const administration: RouteObject = {
  path: '/administration',
  element: <Shell />,
  errorElement: <RouteError />,
  children: [
    {
      element: <ForAdministrators />,
      errorElement: <RouteError />,
      children: [
        { index: true, element: <Navigate to={administrationPath('mails')} replace /> },
        { path: 'users', element: <UsersPage /> },
        { path: 'roles', element: <RolesPage /> },
        { path: 'units', element: <UnitsPage /> },
        { path: 'organisations', element: <OrganisationsPage /> },
        { path: 'mails/:id?', element: <MailsPage /> },
        { path: 'deliveries', element: <DeliveriesPage /> },
        { path: 'workflow-runs', element: <WorkflowRunsPage /> },
        { path: 'rules', element: <RulesPage /> },
        { path: 'rules/:kind/:entity/:rule', element: <RulePage /> },
        { path: 'package-tests', element: <PackageTestsPage /> },
        { path: 'uses', element: <UsesPage /> },
        { path: 'audit', element: <AuditPage /> },
        { path: 'personal-data', element: <PersonalDataPage /> },
        { path: 'rules/build/:entity?/:package?/:rule?', element: <RuleBuilderPage /> },
        { path: 'scripts/:package?', element: <ScriptsPage /> },
        { path: '*', element: <NotFound /> },
      ],
    },
  ],
};

const jobs: RouteObject = {
  path: jobsPath,
  element: <Shell />,
  errorElement: <RouteError />,
  children: [{ index: true, element: <JobsPage />, errorElement: <RouteError /> }],
};

const account: RouteObject = {
  path: accountPath,
  element: <Shell />,
  errorElement: <RouteError />,
  children: [{ index: true, element: <AccountPage />, errorElement: <RouteError /> }],
};

const routes: RouteObject[] = [
  administration,
  jobs,
  account,
  {
    path: '/:app?',
    element: <Shell />,
    errorElement: <RouteError />,
    children: [
      {
        errorElement: <RouteError />,
        children: [
          { index: true, element: <Start /> },
          { path: ':plural', element: <RecordListPage missing={<NotFound />} /> },
          { path: ':plural/:id', element: <RecordPage missing={<NotFound />} /> },
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
  { path: '*', element: <NotFound /> },
];

/** The addresses of the application. */
export function createRouter() {
  return createBrowserRouter(routes);
}
