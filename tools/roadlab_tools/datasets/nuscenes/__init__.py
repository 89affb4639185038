"""nuScenes v1.0, for any rig with a lidar: tables, sweeps, lidarseg, panoptic, radar, CAN bus and map.

| file                                                | content                                                    |
|-----------------------------------------------------|------------------------------------------------------------|
| `v1.0-trainval/*.json`                              | the thirteen tables, lidarseg, panoptic and `splits.json`  |
| `samples/CHANNEL/`, `sweeps/CHANNEL/`               | readings at 2 Hz that are annotated, and those in between  |
| `lidarseg/`, `panoptic/`                            | a class, and a class and instance, for each key point      |
| `maps/*.png`, `maps/expansion/*.json`               | where one may drive, at 0.1 m; lanes and walkways          |
| `can_bus/scene-0001_pose.json`, ...                 | what the ego's buses would have said                       |

Scenes are called scene-0001 and so on in the order of the dataset; `description` has roadlab's name. nuScenes wants
positive coordinates, so that each scene is moved by whole metres (`offset_of`).
"""
