import { IconPoint } from '@tabler/icons-react';
import { lazy, Suspense, type ComponentType } from 'react';

interface IconProps {
  name: string | null | undefined;
  size?: number;
}

interface Drawing {
  size: number;
  stroke: number;
  'aria-hidden': boolean;
}

const Loaded = lazy(async () => {
  const set = (await import('./icon-set')) as Record<string, ComponentType<Drawing> | undefined>;
  const Named = ({ name, size = 18 }: IconProps) => {
    const Drawn = set[name ?? ''] ?? IconPoint;
    return <Drawn size={size} stroke={1.6} aria-hidden />;
  };
  return { default: Named };
});

/** An icon that metadata names; its place is kept while the icons load. */
export function Icon({ name, size = 18 }: IconProps) {
  const place = <span style={{ display: 'inline-block', width: size, height: size, flex: 'none' }} aria-hidden />;
  return (
    <Suspense fallback={place}>
      <Loaded name={name} size={size} />
    </Suspense>
  );
}
