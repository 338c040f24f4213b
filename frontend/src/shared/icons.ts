/**
 * The icons of islands, drawn in the page: the sprite is a second file, and a phone without network
 * cannot fetch it. A test holds them equal to icons.svg.
 */
export type Shape = readonly [tag: 'path' | 'rect' | 'circle', attributes: Record<string, string>];

export const ICONS = {
  alert: [['path', { d: 'M12 4 21 19.5H3zM12 10v4.5M12 17v.2' }]],
  check: [['path', { d: 'm5 12.5 4.5 4.5L19 7.5' }]],
  cloud: [
    ['path', { d: 'M7 18.5a4.5 4.5 0 0 1-.5-9A6 6 0 0 1 18 11a3.8 3.8 0 0 1-.5 7.5z' }],
    ['path', { d: 'm9 13.5 2.2 2.2 4-4' }],
  ],
  cloudoff: [
    [
      'path',
      {
        d: 'M7 18.5a4.5 4.5 0 0 1-.5-9M10 6.2A6 6 0 0 1 18 11a3.8 3.8 0 0 1 2 6M4 4l16 16M7 18.5h10',
      },
    ],
  ],
  device: [
    ['rect', { x: '6.5', y: '3', width: '11', height: '18', rx: '2' }],
    ['path', { d: 'M10.5 18h3m-4.5-7 2.2 2.2L15.5 9' }],
  ],
  flag: [['path', { d: 'M6 21V4h11l-2.5 4L17 12H6' }]],
  grid: [['path', { d: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z' }]],
  left: [['path', { d: 'M15 5.5 8.5 12l6.5 6.5' }]],
  lock: [['path', { d: 'M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3' }]],
  right: [['path', { d: 'm9 5.5 6.5 6.5L9 18.5' }]],
  text: [['path', { d: 'M3 18.5 8 6.5l5 12M4.7 14.5h6.6M14.5 18.5l3-7.5 3 7.5M15.5 16h4' }]],
  x: [['path', { d: 'M6 6l12 12M18 6 6 18' }]],
} satisfies Record<string, readonly Shape[]>;

export type IconName = keyof typeof ICONS;
