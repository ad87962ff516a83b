import type { ModelMetadata } from './model-metadata.ts'

export const PYTHON_FILE = 'example.py'

/** What runs the model that lies beside the program. */
export interface PythonRuntime {
  packages: string
  /** The name of the module that is imported. */
  module: string
  /** A statement that makes a constant of the model. */
  load: string
  /** An expression: the list of the model's outputs for `prepare(file)`. */
  outputs: string
}

export const ONNX_RUNTIME: PythonRuntime = {
  packages: 'numpy pillow onnxruntime',
  module: 'onnxruntime',
  load: 'SESSION = onnxruntime.InferenceSession(str(HERE / "model.onnx"), providers=["CPUExecutionProvider"])',
  outputs: 'SESSION.run(METADATA["outputs"], {"pixels": prepare(file)})',
}

/** On TensorFlow, where the variable KERAS_BACKEND names no other. */
export const KERAS_RUNTIME: PythonRuntime = {
  packages: 'numpy pillow keras tensorflow',
  module: 'keras',
  load: 'MODEL = keras.saving.load_model(HERE / "model.keras", compile=False)',
  outputs: 'MODEL.predict(prepare(file), verbose=0)',
}

/** How it is run. */
export function pythonCommandOf({ task }: Pick<ModelMetadata, 'task'>, { packages }: PythonRuntime): string {
  const pictures = task === 'RETRIEVAL' ? 'picture.png other-picture-or-folder' : 'picture.png'
  return `pip install ${packages} && python ${PYTHON_FILE} ${pictures}`
}

/** A program in Python that does with the model beside it what the one in JavaScript does. */
export function writePythonExample(
  metadata: ModelMetadata,
  widths: readonly number[],
  runtime: PythonRuntime,
): string {
  const isRetrieval = metadata.task === 'RETRIEVAL'
  return `# ${pythonCommandOf(metadata, runtime)}
import io
import json
import sys
from pathlib import Path

${['numpy as np', runtime.module]
  .sort()
  .map((module) => `import ${module}`)
  .join('\n')}
from PIL import Image, ImageCms, ImageOps

HERE = Path(__file__).resolve().parent
METADATA = json.loads((HERE / "metadata.json").read_text("utf-8"))
${runtime.load}
PICTURES, INPUT, PREPARATION = METADATA["pictures"], METADATA["input"], METADATA["preparation"]


def open_image(file):
    """Upright, in sRGB, transparent parts on the background."""
    image = ImageOps.exif_transpose(Image.open(file))
    if image.mode.startswith("I"):  # 16 bits of grey
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    profile = image.info.get("icc_profile")
    image = image.convert("RGBA" if has_alpha else "RGB") if image.mode != "CMYK" else image
    if profile and image.mode in ("RGB", "RGBA"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=image.mode)
        except ImageCms.PyCMSError:
            pass  # a profile of another colour space, or a damaged one
    background = PREPARATION["background"]
    if has_alpha and background:
        image = Image.alpha_composite(Image.new("RGBA", image.size, background), image)
    return image.convert("RGB")


def fit(image):
    """Brought to the size of the training images: bilinear and antialiased."""
    width, height = PICTURES["width"], PICTURES["height"]
    resize = lambda size: image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    if PREPARATION["fit"] == "STRETCH" or image.size == (width, height):
        return resize((width, height))
    choose = min if PREPARATION["fit"] == "COVER" else max
    factor = choose(image.width / width, image.height / height)
    scaled = resize((max(1, int(image.width / factor + 0.5)), max(1, int(image.height / factor + 0.5))))
    if PREPARATION["fit"] == "COVER":
        left, top = (scaled.width - width + 1) // 2, (scaled.height - height + 1) // 2
        return scaled.crop((left, top, left + width, top + height))
    canvas = Image.new("RGB", (width, height), PREPARATION["background"] or "#ffffff")
    canvas.paste(scaled, ((width - scaled.width) // 2, (height - scaled.height) // 2))
    return canvas


def to_grey(pixels):
    """By the luminance of linear light."""
    values = pixels / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
    grey = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(255 * grey)[..., None]


def shares(length, wanted):
    """The share of every pixel in every new one."""
    centers = (np.arange(wanted) + 0.5) * length / wanted - 0.5
    rows = np.maximum(0, 1 - np.abs(np.arange(length) - centers[:, None]) / max(1, length / wanted))
    return rows / rows.sum(1, keepdims=True)


def prepare(file):
    """[1, height, width, channels] as float32 from 0 to 255: the model normalises by itself."""
    pixels = np.asarray(fit(open_image(file)), dtype=np.float64)
    if INPUT["channels"] == 1:
        pixels = to_grey(pixels)
    if pixels.shape[:2] != (INPUT["height"], INPUT["width"]):
        rows, columns = shares(pixels.shape[0], INPUT["height"]), shares(pixels.shape[1], INPUT["width"])
        pixels = np.einsum("ya,xb,abc->yxc", rows, columns, pixels)
    return pixels[None].astype(np.float32)


def run(file):
    """The model's outputs by their names."""
    return dict(zip(METADATA["outputs"], ${runtime.outputs}))


${isRetrieval ? compareText(widths) : CLASSIFY}`
}

const CLASSIFY = `if __name__ == "__main__":
    posterior = run(sys.argv[1])[METADATA["outputs"][-1]][0]
    print(METADATA["classes"][int(posterior.argmax())])
`

function compareText(widths: readonly number[]): string {
  const ends = widths
    .slice(0, -1)
    .map((_, i) => widths.slice(0, i + 1).reduce((sum, width) => sum + width, 0))
  return `def features_of(file):
    """Every student's features, scaled to length 1, side by side."""
    features = run(file)[METADATA["outputs"][0]][0]
    sides = np.split(features, [${ends.join(', ')}])
    return np.concatenate([side / (np.linalg.norm(side) or 1) for side in sides])


if __name__ == "__main__":
    query, other = features_of(sys.argv[1]), Path(sys.argv[2])
    how_many = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    distance_to = lambda file: float(np.linalg.norm(features_of(file) - query)) / ${widths.length} ** 0.5
    if other.is_file():
        print(f"{distance_to(other):.4f}")
    else:
        endings = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp"}
        files = sorted(file for file in other.iterdir() if file.suffix.lower() in endings)
        ranked = sorted((distance_to(file), file.name) for file in files)
        for place, (distance, name) in enumerate(ranked[:how_many], 1):
            print(f"{place}. {name} {distance:.4f}")
`
}
