"""Asset types of IPS, by file suffix and by the Info child that describes them.

Type names and Info children: facts, IPS API sections 6 and 7. Which suffix becomes which type is
our reading for the suffixes the facts do not mention.
"""

from __future__ import annotations

TYPE_BY_SUFFIX = {
    ".jpg": "Image",
    ".jpeg": "Image",
    ".png": "Image",
    ".tif": "Image",
    ".tiff": "Image",
    ".gif": "Image",
    ".webp": "Image",
    ".bmp": "Image",
    ".psd": "Image",
    ".pdf": "Pdf",
    ".mp4": "Video",
    ".mov": "Video",
    ".m4v": "Video",
    ".webm": "Video",
    ".svg": "Svg",
    ".eps": "PostScript",
    ".ps": "PostScript",
    ".ai": "Illustrator",
    ".indd": "InDesign",
    ".zip": "Zip",
    ".css": "Css",
    ".js": "Javascript",
    ".xml": "Xml",
    ".xsl": "Xsl",
    ".swf": "Flash",
    ".mp3": "Audio",
    ".wav": "Audio",
    ".ttf": "Font",
    ".otf": "Font",
    ".icc": "IccProfile",
    ".icm": "IccProfile",
    ".doc": "Word",
    ".docx": "Word",
    ".xls": "Excel",
    ".xlsx": "Excel",
    ".ppt": "PowerPoint",
    ".pptx": "PowerPoint",
    ".rtf": "Rtf",
    ".vtt": "VideoCaption",
}

# Types whose size in pixels is read from the file, and which the renderer can open.
PICTURES = frozenset({"Image", "AdjustedView", "AnimatedGif"})

# "templates not as original": facts, IPS API section 9.
TEMPLATES = frozenset({"Template", "PsdTemplate"})

# Not exportable at all. MediaSet and the like are sub types of AssetSet; Catalog is the eCatalog.
SETS = frozenset({"AssetSet", "Catalog", "ImageSet", "RenderSet", "SpinSet"})

# The types that catalog.yaml may name. Spelled as documented, oddities included.
KNOWN_TYPES = (
    frozenset(TYPE_BY_SUFFIX.values())
    | PICTURES
    | TEMPLATES
    | SETS
    | {
        "Aco",
        "Asset",
        "Cabinet",
        "ColorSwatch",
        "CuePoint",
        "Fxg",
        "ImageMap",
        "LayerView",
        "Mask",
        "MasterVideo",
        "PDFSettings",
        "PremierExpressRemix",
        "RenderScene",
        "Swc",
        "ViewerPreset",
        "ViewerSwf",
        "Vignette",
        "Watermark",
        "WindowCovering",
        "WindowsCovering",
        "ZoomTarget",
    }
)

# Asset child that describes a type. Types absent here carry none.
INFO_CHILD = {
    "Aco": "acoInfo",
    "AdjustedView": "imageInfo",
    "AnimatedGif": "animatedGifInfo",
    "AssetSet": "assetSetInfo",
    "Audio": "audioInfo",
    "Cabinet": "cabinetInfo",
    "Css": "cssInfo",
    "CuePoint": "cuePointInfo",
    "Excel": "excelInfo",
    "Flash": "flashInfo",
    "Font": "fontInfo",
    "Fxg": "fxgInfo",
    "IccProfile": "iccProfileInfo",
    "Illustrator": "illustratorInfo",
    "Image": "imageInfo",
    "ImageSet": "assetSetInfo",
    "InDesign": "inDesignInfo",
    "Javascript": "javascriptInfo",
    "LayerView": "layerViewInfo",
    "Mask": "maskInfo",
    "MasterVideo": "masterVideoInfo",
    "PDFSettings": "pdfSettingsInfo",
    "Pdf": "pdfInfo",
    "PostScript": "postScriptInfo",
    "PowerPoint": "powerPointInfo",
    "PsdTemplate": "psdInfo",
    "RenderSet": "assetSetInfo",
    "Rtf": "rtfInfo",
    "SpinSet": "assetSetInfo",
    "Svg": "svgInfo",
    "Swc": "swcInfo",
    "Template": "templateInfo",
    "Video": "videoInfo",
    "VideoCaption": "videoCaptionInfo",
    "ViewerSwf": "viewerSwfInfo",
    "Vignette": "vignetteInfo",
    "Watermark": "watermarkInfo",
    "WindowCovering": "windowCoveringInfo",
    "WindowsCovering": "windowCoveringInfo",
    "Word": "wordInfo",
    "Xml": "xmlInfo",
    "Xsl": "xslInfo",
    "Zip": "zipInfo",
}

# Of these the interface tells a URL and the modifiers, no file.
LINK_INFO = frozenset({"layerViewInfo", "templateInfo", "watermarkInfo"})
