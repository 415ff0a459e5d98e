"""The bill of materials of an image (CycloneDX): what Maven put into the program, and what the base is made of."""
import json
import pathlib
import uuid


def write(maven, parts, image, version, arch, created, out):
    """maven: the bom.json of the program's module; parts: components of the base. The same parts give the same bytes."""
    bom = json.loads(pathlib.Path(maven).read_text())
    program = bom["metadata"]["component"]
    components = [{"type": part["type"], "bom-ref": part.get("purl", part["name"]), **{k: v for k, v in part.items() if k != "type"}}
                  for part in parts]
    reference = f"{image}@{version}?arch={arch}"
    bom["metadata"] = {"timestamp": created, "tools": bom["metadata"].get("tools", []),
                       "component": {"type": "container", "bom-ref": reference, "name": image, "version": version}}
    bom["components"] = [program, *sorted(components, key=lambda part: part["bom-ref"]), *bom.get("components", [])]
    bom["dependencies"] = [{"ref": reference, "dependsOn": [program["bom-ref"], *sorted(part["bom-ref"] for part in components)]},
                           *bom.get("dependencies", [])]
    bom.pop("serialNumber", None)
    text = json.dumps(bom, indent=1, sort_keys=True)
    bom["serialNumber"] = "urn:uuid:" + str(uuid.uuid5(uuid.NAMESPACE_URL, text))
    pathlib.Path(out).write_text(json.dumps(bom, indent=1, sort_keys=True) + "\n")
